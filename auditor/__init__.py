"""The compliance auditor for online vocational training."""

__version__ = "0.1.0"

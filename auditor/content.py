"""Where the content folders (`schemas/`, `reports/`) lie: beside a checkout, or inside the installed package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `schemas` or `reports`. A checkout comes first: an editable install leaves a stale copy behind.

    Raises FileNotFoundError when neither place holds it (a wheel built without its content).
    """
    checkout = PACKAGE.parent
    for place in (checkout / name if (checkout / "pyproject.toml").is_file() else PACKAGE / name, PACKAGE / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"content folder {name!r} is missing from this installation")

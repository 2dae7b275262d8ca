"""How well the rules tell sham training from honest study: labelled exports, audited in process. See __main__.py."""

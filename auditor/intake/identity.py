"""Identity numbers: what kind of number stands there, and is it one that can exist (GB 11643, MOD 11-2)."""

import polars as pl

from auditor.intake.text import NUMBER

VALID, OTHER_DOCUMENT, INVALID, MASKED, DAMAGED = "valid", "other", "invalid", "masked", "damaged"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ELDEST = 18_000_101


def read(values: pl.Series) -> pl.DataFrame:
    """Distinct cell texts → `value` (upper case, no blanks; null where nobody can be named), `state`, `why` (a
    name of the section `identity` of the words, null for a good number), `sex` (1 male, 2 female, null). Where a number
    was issued is not judged: area codes came and went, and a person keeps the first one."""
    frame = pl.DataFrame({"raw": values}).with_columns(
        v=pl.col("raw").str.strip_prefix(NUMBER).str.to_uppercase().str.replace_all(r"[\s\-]", "")
    )
    frame = frame.with_columns(
        number_cell=pl.col("raw").str.starts_with(NUMBER),
        eighteen=pl.col("v").str.contains(r"^\d{17}[\dX]$"),
        check_holds=_check_holds(),
        date_real=_date_real(),
    )
    long_number = pl.col("v").str.len_chars() > 15
    state = (
        pl.when(pl.col("number_cell") & (long_number | pl.col("v").str.contains("E"))).then(pl.lit(DAMAGED))
        .when(pl.col("v").str.contains(r"^\d(?:\.\d+)?E\+\d+$")).then(pl.lit(DAMAGED))
        .when(pl.col("eighteen") & ~pl.col("check_holds") & pl.col("v").str.ends_with("000")).then(pl.lit(DAMAGED))
        .when(pl.col("v").str.contains(r"[*＊·•#]|X{3,}")).then(pl.lit(MASKED))
        .when(pl.col("eighteen") & pl.col("check_holds") & pl.col("date_real")).then(pl.lit(VALID))
        .when(pl.col("eighteen")).then(pl.lit(INVALID))
        .when(pl.col("v").str.contains(r"^(?:[A-Z]{1,3}\d{6,12}|[A-Z]{3}\d{12}|[A-Z]\d{6,9}\(?[\dA]?\)?|\d{8}|\d{10})$"))
        .then(pl.lit(OTHER_DOCUMENT))
        .otherwise(pl.lit(INVALID))
    )  # fmt: skip
    frame = frame.with_columns(state=state)
    lost = frame.select(pl.col("eighteen") & pl.col("v").str.ends_with("000")).to_series().fill_null(False)
    if lost.sum() >= 5 and lost.sum() * 2 > frame["eighteen"].sum():  # cut to 15 digits: 1 check digit in 11 holds
        frame = frame.with_columns(state=pl.when(lost).then(pl.lit(DAMAGED)).otherwise("state"))
    why = (
        pl.when(pl.col("state") == DAMAGED).then(pl.lit("damaged"))
        .when(pl.col("state") == MASKED).then(pl.lit("masked"))
        .when(pl.col("state") != INVALID).then(None)
        .when(~pl.col("eighteen") & pl.col("v").str.contains(r"^\d{15}$")).then(pl.lit("fifteen"))
        .when(~pl.col("eighteen")).then(pl.lit("length"))
        .when(~pl.col("date_real")).then(pl.lit("birth"))
        .otherwise(pl.lit("check"))
    )  # fmt: skip
    valid = pl.col("state") == VALID
    names_somebody = pl.col("state").is_in((VALID, OTHER_DOCUMENT)) | (
        (pl.col("state") == INVALID) & pl.col("v").str.contains(r"^(?:\d{15}|\d{17}[\dX])$")
    )
    return frame.select(
        value=pl.when(names_somebody).then(pl.col("v")),
        state="state",
        why=why,
        sex=pl.when(valid).then(2 - pl.col("v").str.slice(16, 1).cast(pl.Int64, strict=False) % 2),
    )


def _digit(position: int) -> pl.Expr:
    return pl.col("v").str.slice(position, 1).cast(pl.Int64, strict=False)


def _check_holds() -> pl.Expr:
    total = pl.sum_horizontal(_digit(place) * weight for place, weight in enumerate(_WEIGHTS))
    right = (total % 11).replace_strict(list(range(11)), list(_CHECKS), return_dtype=pl.String)
    return (pl.col("v").str.slice(17, 1) == right).fill_null(False)


def _date_real() -> pl.Expr:
    """A calendar date. The 2023 foreigner's card keeps its birth date in the same place as a citizen's."""
    written = pl.col("v").str.slice(6, 8)
    real = written.str.to_date("%Y%m%d", strict=False).is_not_null()
    return (
        real & (written.cast(pl.Int64, strict=False) >= _ELDEST) & (written.cast(pl.Int64, strict=False) < 21_000_101)
    ).fill_null(False)

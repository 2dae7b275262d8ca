"""Where addresses lie, as a table that the auditor made from some geolocation database says."""

from collections.abc import Mapping

import polars as pl

from auditor.intake import network
from auditor.intake.load import Intake
from auditor.schema import tables
from auditor.store import Store, text
from auditor.words import Words, phrase

_MOST = 400  # places between which distances are kept: the prefectures of the country
_EARTH_KM, _DEGREE_KM = 6371.0, 111.2


def find(store: Store, intake: Intake, province: Mapping[str, str]) -> None:
    """address_places: each address that the table of places names (of several networks that hold it the smallest; where
    equal ones say different things, nothing), its province, `away` (1 where that is another than the `province` of the
    notice) and `place_no` (null without coordinates). place_pairs: two such places, at least how far apart they lie,
    and their names."""
    store.run(
        "CREATE TABLE address_places (address_no BIGINT, place_no BIGINT, province VARCHAR, away BIGINT);"
        "CREATE TABLE place_pairs (place_no BIGINT, other_no BIGINT, km BIGINT, places VARCHAR)"
    )
    if not len(intake.texts["network"]):
        return
    blocks, addresses = network.spans(intake.texts["network"]), network.points(intake.texts["address"])
    store.add("blocks", network.smallest(blocks, addresses))
    unknown = {name: ", ".join(map(text, tables()["places"].columns[name].words)) for name in ("province", "city")}
    store.run(
        f"""CREATE TEMP TABLE located AS
        WITH said AS (
            SELECT b.address_no, CASE WHEN lower(p.text) NOT IN ({unknown["province"]}) THEN p.text END AS province,
                   CASE WHEN lower(c.text) NOT IN ({unknown["city"]}) THEN c.text END AS city,
                   CASE WHEN r.longitude IS NOT NULL THEN r.latitude END AS latitude,
                   CASE WHEN r.latitude IS NOT NULL THEN r.longitude END AS longitude
            FROM staged_places r JOIN blocks b ON b.no = r.network LEFT JOIN text_province p ON p.no = r.province
            LEFT JOIN text_city c ON c.no = r.city)
        SELECT address_no, CASE WHEN count(DISTINCT coalesce(province, '')) = 1 THEN min(province) END AS province,
               CASE WHEN count(DISTINCT coalesce(city, '')) = 1 THEN min(city) END AS city,
               CASE WHEN count(DISTINCT latitude) = 1 AND count(DISTINCT longitude) = 1 THEN min(latitude) END
                   AS latitude,
               CASE WHEN count(DISTINCT latitude) = 1 AND count(DISTINCT longitude) = 1 THEN min(longitude) END
                   AS longitude
        FROM said GROUP BY address_no"""
    )
    spots, cell = _spots(store.frame("SELECT DISTINCT latitude, longitude, province, city FROM located"))
    store.add("place_spots", spots)
    store.add("place_distances", _distances(spots, cell))
    names = " OR ".join(f"contains(lower(l.province), {text(name.lower())})" for name in province.values()) or "NULL"
    # a table that puts nobody at home may only write the province in another way
    store.run(
        f"""INSERT INTO address_places
        SELECT l.address_no, s.place_no, l.province,
               CASE WHEN bool_or({names}) OVER () THEN CAST(NOT ({names}) AS BIGINT) END
        FROM located l LEFT JOIN place_spots s ON s.latitude = l.latitude AND s.longitude = l.longitude
            AND s.province IS NOT DISTINCT FROM l.province AND s.city IS NOT DISTINCT FROM l.city
        ORDER BY l.address_no"""
    )
    store.run(
        """INSERT INTO place_pairs
        WITH named AS (
            SELECT place_no, coalesce(nullif(concat_ws(' ', min(province), min(city)), ''),
                       concat(min(latitude) / 100, ', ', min(longitude) / 100)) AS name
            FROM place_spots GROUP BY place_no)
        SELECT d.place_no, d.other_no, d.km, concat(a.name, ' → ', b.name) FROM place_distances d
        JOIN named a ON a.place_no = d.other_no JOIN named b ON b.place_no = d.place_no
        ORDER BY d.place_no, d.other_no"""
    )


def problems(store: Store) -> list[Words]:
    """What a reader must know of the table of places before the numbers."""
    addresses, placed, home = store.rows(
        "SELECT (SELECT count(*) FROM addresses WHERE is_public = 1), count(province), count(away) FROM address_places"
    )[0]
    rows = store.value("SELECT count(*) FROM reference_rows WHERE table_name = 'places'")
    if not rows:
        return []
    said: list[Words] = [phrase("problem.places", placed=placed, addresses=addresses)]
    if placed and not home:
        said.append(phrase("problem.no_home"))
    return said


def _spots(said: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Places with coordinates (hundredths of a degree), numbered by the cell of a grid they lie in; and how wide its
    cells are: as narrow as leaves few enough of them."""
    said, cell = said.drop_nulls(["latitude", "longitude"]).sort("latitude", "longitude", "province", "city"), 1
    while said.select(_cell(cell)).n_unique() > _MOST:
        cell *= 2
    cells = said.select(pl.struct(_cell(cell)).rank("dense").cast(pl.Int64)).to_series()
    return said.with_columns(place_no=cells), cell


def _cell(cell: int) -> list[pl.Expr]:
    return [pl.col("latitude") // cell, pl.col("longitude") // cell]


def _distances(spots: pl.DataFrame, cell: int) -> pl.DataFrame:
    """`place_no`, `other_no`, `km`: the great circle between any two cells, less what their width leaves open."""
    degrees = [((pl.col(name) // cell).first() + 0.5) * cell / 100 for name in ("latitude", "longitude")]
    centres = spots.group_by("place_no").agg(
        *(at.radians().alias(name) for at, name in zip(degrees, "yx", strict=True))
    )
    pairs = centres.join(centres.rename({"place_no": "other_no", "y": "v", "x": "u"}), how="cross")
    half = [((pl.col(a) - pl.col(b)) / 2).sin().pow(2) for a, b in (("y", "v"), ("x", "u"))]
    chord = (half[0] + pl.col("y").cos() * pl.col("v").cos() * half[1]).sqrt().clip(0, 1)
    least = 2 * _EARTH_KM * chord.arcsin() - cell / 100 * _DEGREE_KM * 2**0.5
    apart = pairs.with_columns(km=least.floor().cast(pl.Int64)).filter(pl.col("km") > 0)
    return apart.select("place_no", "other_no", "km")

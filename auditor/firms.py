"""What is known of the employers: which networks are theirs, whether they dispatch labour, where they are."""

from auditor.intake import network
from auditor.intake.load import Intake
from auditor.store import Store
from auditor.words import Words, phrase

_NAMED = 5  # employers that a sentence names


def find(store: Store, intake: Intake) -> None:
    """Fill employers (is_dispatch 0 and district null where unknown or said in two ways; said_dispatch 1 where any row
    says so; is_listed null where unknown, said_listed 1 where any row says so) and
    own_addresses: the addresses that an employer has declared. Dispatched labour works at the places of others: to a
    dispatch company every declared address is its own."""
    store.run(
        """CREATE TABLE employers AS
        SELECT t.rank AS employer_no, t.text AS employer, CAST(coalesce(k.is_dispatch, 0) AS BIGINT) AS is_dispatch,
               k.district, CAST(coalesce(k.said_dispatch, 0) AS BIGINT) AS said_dispatch,
               CAST(k.is_listed AS BIGINT) AS is_listed, CAST(k.said_listed AS BIGINT) AS said_listed
        FROM text_employer t LEFT JOIN (
            SELECT r.employer AS no, min(r.dispatch) AS is_dispatch, max(r.dispatch) AS said_dispatch,
                   min(r.listed) AS is_listed, max(r.listed) AS said_listed,
                   CASE WHEN count(DISTINCT d.text) = 1 THEN min(d.text) END AS district
            FROM staged_employers r LEFT JOIN text_district d ON d.no = r.district GROUP BY r.employer) k ON k.no = t.no
        ORDER BY t.rank"""
    )
    store.run("CREATE TABLE own_addresses (employer_no BIGINT, address_no BIGINT)")
    declared = intake.texts["networks"]
    if not len(declared):
        return
    store.add("declared", network.spans(declared))
    store.add("points", network.points(intake.texts["address"]))
    store.run(
        """INSERT INTO own_addresses
        SELECT DISTINCT t.rank, p.address_no FROM staged_employers r JOIN text_employer t ON t.no = r.employer
        JOIN declared d ON d.no = r.networks
        JOIN points p ON p.family = d.family AND p.point BETWEEN d.first AND d.last"""
    )
    store.run(
        """INSERT INTO own_addresses
        SELECT DISTINCT e.employer_no, o.address_no FROM employers e, own_addresses o WHERE e.is_dispatch = 1
        EXCEPT SELECT employer_no, address_no FROM own_addresses"""
    )


def problems(store: Store) -> list[Words]:
    """What a reader must know of the list of employers before the numbers."""
    said: list[Words] = []
    cells = store.value(
        "SELECT count(*) FROM trouble_rows "
        "WHERE table_name = 'employers' AND field = 'networks' AND kind = 'unreadable'"
    )
    if cells:
        said.append(phrase("problem.networks", cells=cells))
    listed = "staged_employers r JOIN text_employer t ON t.no = r.employer"
    for key, sql in (
        (
            "problem.strangers",
            f"""SELECT DISTINCT t.text FROM {listed} WHERE t.rank NOT IN (
                SELECT employer_no FROM people WHERE employer_no IS NOT NULL
                UNION ALL SELECT employer_no FROM claims WHERE employer_no IS NOT NULL) ORDER BY t.text""",
        ),
        (
            "problem.contradicted",
            f"SELECT t.text FROM {listed} GROUP BY t.text HAVING count(DISTINCT r.dispatch) > 1 ORDER BY t.text",
        ),
    ):
        if names := [row[0] for row in store.rows(sql)]:
            said.append(phrase(key, count=len(names), names=names[:_NAMED]))
    employers, claims = store.rows(
        "SELECT count(DISTINCT employer_no), count(*) FROM claims JOIN employers USING (employer_no) "
        "WHERE is_dispatch = 1"
    )[0]
    if employers:
        said.append(phrase("problem.dispatch", employers=employers, claims=claims))
    return said

"""What is known of the employers: which networks are theirs, whether they dispatch labour, where they are."""

from auditor.intake import network
from auditor.intake.load import Intake
from auditor.store import Store


def find(store: Store, intake: Intake) -> None:
    """Fill employers (is_dispatch 0 where nobody says so; district null where unknown or said in two ways) and
    own_addresses: the addresses that an employer has declared. Dispatched labour works at the places of others: to a
    dispatch company every declared address is its own."""
    store.run(
        """CREATE TABLE employers AS
        SELECT t.rank AS employer_no, t.text AS employer, CAST(coalesce(k.is_dispatch, 0) AS BIGINT) AS is_dispatch,
               k.district
        FROM text_employer t LEFT JOIN (
            SELECT r.employer AS no, max(r.dispatch) AS is_dispatch,
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

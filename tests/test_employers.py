"""The list of employers: what a cell of networks says, which sheet is such a list, what the papers show of it."""

import ipaddress
from pathlib import Path

import polars as pl
import pytest
from harness import Tables, honest, merge, run_audit, write_table
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import audit, policy
from auditor.fault import Exit, Fault
from auditor.intake import address, network
from auditor.intake.text import clean

NOTICE = "taicang-2021"
V4, V6 = ipaddress.IPv4Address, ipaddress.IPv6Address


def holds(cell: str, at: str) -> bool:
    """Whether an address, as intake writes it, lies in the networks of a cell."""
    texts = pl.DataFrame({"no": [1], "text": network.read(clean(pl.Series([cell])))["text"]}).drop_nulls()
    spans = network.spans(texts)
    written = address.read(pl.Series([at]))["value"]
    point = network.points(pl.DataFrame({"rank": [1], "text": written}))
    joined = spans.join(point, on="family").filter(pl.col("point").is_between("first", "last"))
    return len(joined) > 0


@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        ("58.211.16.3", "58.211.16.3", "58.211.16.4"),
        ("58.211.16.3；58.211.18.0/24", "58.211.18.255", "58.211.19.0"),
        ("58.211.16.3、 61.1.1.1", "61.1.1.1", "61.1.1.2"),
        ("58.211.16.1-58.211.16.20", "58.211.16.20", "58.211.16.21"),
        ("58.211.16.1 - 20", "58.211.16.20", "58.211.16.21"),
        ("58.211.16.1～20", "58.211.16.2", "58.211.16.0"),
        ("58.211.16.*", "58.211.16.255", "58.211.17.0"),
        ("58.211.*.*", "58.211.255.255", "58.212.0.0"),
        ("58.211.16.77/24", "58.211.16.1", "58.211.17.1"),
        ("240e:3a1:17::/48", "240e:3a1:17:ffff::1", "240e:3a1:18::1"),
        ("240e:3a1:17:1::9", "240e:3a1:17:1::1", "240e:3a1:17:2::1"),
    ],
)
def test_networks(cell: str, inside: str, outside: str) -> None:
    assert holds(cell, inside)
    assert not holds(cell, outside)


@pytest.mark.parametrize(
    "cell",
    ["随便", "58.211.16", "58.211.16.300", "58.0.0.0/8", "0.0.0.0/0", "58.211.16.9-58.211.16.1", "::/0", "*.*.*.*"],
)
def test_what_is_no_network_of_one_employer_is_unreadable(cell: str) -> None:
    """A whole carrier is nobody's own: it would excuse everybody."""
    assert network.read(pl.Series([cell, "61.1.1.1"]))["text"].to_list() == [None, "61.1.1.1"]


@settings(deadline=None)
@given(st.ip_addresses(v=4), st.integers(16, 32), st.ip_addresses(v=4))
def test_ipv4_networks_agree_with_the_standard_library(base: V4, length: int, at: V4) -> None:
    declared = ipaddress.ip_network((base, length), strict=False)
    if int(at) >= 1 << 24:  # 0.x.x.x is no address
        assert holds(str(declared), str(at)) == (at in declared)
        assert holds(str(declared), str(declared[-1])) or int(declared[-1]) < 1 << 24


@settings(deadline=None)
@given(st.ip_addresses(v=6), st.integers(32, 64), st.integers(0, (1 << 64) - 1))
def test_ipv6_networks_agree_with_the_standard_library(base: V6, length: int, low: int) -> None:
    declared = ipaddress.ip_network((base, length), strict=False)
    near = V6(int(declared[-1]) >> 64 << 64 | low)
    beyond = V6((int(declared[-1]) + 1) % (1 << 128))
    if not near.ipv4_mapped and not beyond.ipv4_mapped:
        assert holds(str(declared), str(near))
        assert not holds(str(declared), str(beyond))


def audited(folder: Path, employers: list[dict[str, str]], **more: list[dict[str, str]]) -> pl.DataFrame:
    tables: Tables = merge(honest(policy.load(NOTICE), 3, "甲厂"), {"employers": employers}, more)
    return run_audit(tables, NOTICE, folder).findings


def test_a_cell_that_is_no_network_is_said(tmp_path: Path) -> None:
    found = audited(tmp_path, [{"employer": "甲厂", "networks": "58.0.0.0/8"}])
    (said,) = found.filter(pl.col("rule") == "value-unreadable").select("effect", "message", "source_row").rows()
    assert said[0] == "note" and "58.0.0.0/8" in said[1] and said[2] == 2


def test_rows_of_people_are_no_list_of_employers(tmp_path: Path) -> None:
    """A column 是否劳务派遣 in a roster tells of workers."""
    source = tmp_path / "in"
    source.mkdir()
    for table, rows in honest(policy.load(NOTICE), 2, "甲厂").items():
        write_table(table, rows, source)
    (source / "花.csv").write_text("姓名,单位名称,是否劳务派遣\n张三,甲厂,是\n李四,甲厂,是\n", encoding="utf-8")
    report = audit.run([source], policy.load(NOTICE), tmp_path / "out").report
    (sheet,) = [sheet for sheet in report.completeness if sheet["file"] == "花.csv"]
    assert sheet["table"] is None
    assert not any(employer["dispatch"] for employer in report.employers)


def test_the_papers_show_what_is_known_of_an_employer(tmp_path: Path) -> None:
    employers = [
        {"employer": "甲厂", "dispatch": "是", "district": "东区"},
        {"employer": "甲厂", "dispatch": "", "district": "东区"},
        {"employer": "没有学员的厂", "dispatch": "否", "district": "西区"},
    ]
    tables = merge(honest(policy.load(NOTICE), 3, "甲厂"), {"employers": employers})
    report = run_audit(tables, NOTICE, tmp_path).report
    assert [(row["employer"], row["dispatch"], row["district"]) for row in report.employers] == [("甲厂", True, "东区")]
    assert any("劳务派遣企业（3 项申领）" in problem for problem in report.problems)


def test_districts_that_contradict_each_other_are_not_known(tmp_path: Path) -> None:
    employers = [
        {"employer": "甲厂", "district": "东区", "dispatch": "否"},
        {"employer": "甲厂", "district": "西区", "dispatch": ""},
    ]
    tables = merge(honest(policy.load(NOTICE), 1, "甲厂"), {"employers": employers})
    assert run_audit(tables, NOTICE, tmp_path).report.employers[0]["district"] is None


def test_what_cannot_be_used_of_the_list_is_said_before_the_numbers(tmp_path: Path) -> None:
    employers = [
        {"employer": "甲厂", "dispatch": "是", "networks": "61.1.1.1、宿舍宽带"},
        {"employer": "甲厂", "dispatch": "否"},
        {"employer": "甲厂有限公司", "networks": "61.1.1.2"},
    ]
    tables = merge(honest(policy.load(NOTICE), 2, "甲厂"), {"employers": employers})
    report = run_audit(tables, NOTICE, tmp_path).report
    said = "\n".join(report.problems)
    assert "1 格网络地址不能读取" in said
    assert "1 个单位在学员的记录中没有出现（甲厂有限公司）" in said
    assert "说法不一（甲厂）" in said
    assert report.employers[0]["dispatch"] is False


def test_a_list_of_employers_alone_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(Fault) as raised:
        run_audit({"employers": [{"employer": "甲厂", "networks": "61.1.1.1"}]}, NOTICE, tmp_path)
    assert raised.value.code == Exit.UNAUDITABLE and "没有学员的记录" in str(raised.value)

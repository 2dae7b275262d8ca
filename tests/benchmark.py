"""How fast an audit is, beside two things measured in the same run: a bare load of the sessions by DuckDB (the floor)
and a plain pandas script of the four core rules (the usual alternative; it needs requirements-benchmark.txt).

    python -m tests.benchmark                      1 M sessions
    python -m tests.benchmark 1000000 10000000     and 10 M
    python -m tests.benchmark 1000000 --keep DIR   leave the made export there
    python -m tests.benchmark xlsx                 300,000 rows of a workbook: intake beside a bare fastexcel call
    python -m tests.benchmark events 10000000      the log of a Moodle site in place of sessions: no pandas script

The export is made for the purpose: 40 sittings a person of a class hour or a little more, 5 % of the people with one
planted fault each, so that findings stay below 1 % of the rows. Nobody in it exists.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from auditor.demo import people as invented
from auditor.demo import words

POLICY = "taicang-2021"
UNIT_S, DAY_S, SITTINGS, BLOCK = 45 * 60, 86_400, 40, 25_000
FIRST_DAY = (np.datetime64("2021-02-02") - np.datetime64(0, "D")).astype(int)
SHORT, FEW, OVERLAP, TWO_PLACES, SHARED = range(1, 6)
SESSIONS = "学习记录.csv"
EVENINGS, CLICKS, LOG = 20, 25, "logs.csv"


def make(folder: Path, sessions: int) -> int:
    """Write an export of about `sessions` sessions; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count, rng = max(sessions // SITTINGS, 100), np.random.default_rng(1)
    folk = invented.invent(count, words.PLACES[POLICY], int(FIRST_DAY), rng)
    fault = np.where(rng.random(count) < 0.05, rng.integers(SHORT, SHARED + 1, count), 0)
    base = pl.DataFrame(
        {
            "身份证号": folk.number,
            "姓名": folk.name,
            "单位名称": folk.employers[folk.employer],
            "性别": np.where(folk.sex == 1, "男", "女"),
        }
    )
    base.select("身份证号", "姓名", "性别", "单位名称").write_csv(folder / "实名注册.csv")
    lessons = [f"岗位技能第{n:02}讲" for n in range(1, SITTINGS + 1)]
    pl.DataFrame({"课程名称": lessons, "课时数": ["1"] * SITTINGS}).write_csv(folder / "课程.csv")
    base.select(
        "身份证号", "姓名", "单位名称", 考试名称=pl.lit("结业考试"), 成绩=pl.Series(rng.integers(60, 101, count)),
        考试时间=pl.lit("2021-03-20 09:00:00"),
    ).write_csv(folder / "考试成绩.csv")  # fmt: skip
    base.select("身份证号", "姓名", "单位名称", 申请金额=pl.lit(300), 申请日期=pl.lit("2021-04-25")).write_csv(
        folder / "补贴申请名单.csv"
    )
    written = 0
    with (folder / SESSIONS).open("wb") as stream:
        for at in range(0, count, BLOCK):
            who = np.arange(at, min(at + BLOCK, count))
            frame = _sittings(who, fault[who], base, lessons, rng)
            frame.write_csv(stream, include_header=at == 0)
            written += len(frame)
    return written


def _sittings(
    who: np.ndarray, fault: np.ndarray, base: pl.DataFrame, lessons: list[str], rng: np.random.Generator
) -> pl.DataFrame:
    """Two sittings an evening on 20 evenings, from an address of the person's own."""
    person, nth = np.repeat(who, SITTINGS), np.tile(np.arange(SITTINGS), len(who))
    bad, first = np.repeat(fault, SITTINGS), nth == 0
    length = UNIT_S + rng.integers(1, 900, len(person))
    length = np.where((bad == SHORT) & first, rng.integers(60, UNIT_S, len(person)), length)
    day = FIRST_DAY + nth // 2 + 1 + np.repeat(rng.integers(0, 5, len(who)), SITTINGS)
    start = day * DAY_S + 18 * 3600 + np.repeat(rng.integers(0, 1800, len(who)), SITTINGS) + nth % 2 * 4200
    start = np.where(np.isin(bad, (OVERLAP, TWO_PLACES)) & (nth == 1), start - 2400, start)
    address = person + (10 << 24) + (48 << 24)  # 58.0.0.0 on
    address = np.where((bad == TWO_PLACES) & (nth == 1), address + (1 << 23), address)
    address = np.where((bad == SHARED) & (nth == 2), (60 << 24) + person // 2_000, address)
    octets = [np.char.mod("%d", address >> shift & 255) for shift in (24, 16, 8, 0)]
    dotted = np.char.add(np.char.add(octets[0], "."), np.char.add(octets[1], "."))
    dotted = np.char.add(np.char.add(dotted, octets[2]), np.char.add(".", octets[3]))
    keep = (bad != FEW) | (nth < 15)
    return pl.DataFrame(
        {
            "身份证号": base["身份证号"].gather(person),
            "姓名": base["姓名"].gather(person),
            "IP地址": dotted,
            "课程名称": pl.Series(lessons).gather(nth),
            "开始时间": pl.from_epoch(pl.Series(start), time_unit="s").dt.strftime("%Y-%m-%d %H:%M:%S"),
            "结束时间": pl.from_epoch(pl.Series(start + length), time_unit="s").dt.strftime("%Y-%m-%d %H:%M:%S"),
        }
    ).filter(pl.Series(keep))


def make_log(folder: Path, events: int) -> int:
    """Write the log of a Moodle site (zh_cn), newest first, of 500 clicks a learner: 20 evenings of 25 clicks in two
    courses, a few minutes apart; and who the learners are."""
    folder.mkdir(parents=True, exist_ok=True)
    count, rng = max(events // (EVENINGS * CLICKS), 20), np.random.default_rng(1)
    folk = invented.invent(count, words.PLACES[POLICY], int(FIRST_DAY), rng)
    account = np.char.mod("%d", np.arange(count) + 1_000)
    pl.DataFrame(
        {"身份证号": folk.number, "学员账号": account, "姓名": folk.name, "单位名称": folk.employers[folk.employer]}
    ).write_csv(folder / "实名注册.csv")
    person = np.repeat(np.arange(count, dtype=np.int32), EVENINGS * CLICKS)
    evening = np.tile(np.repeat(np.arange(EVENINGS, dtype=np.int32), CLICKS), count)
    pause = np.where(rng.random(len(person)) < 0.01, 3_000, rng.exponential(110, len(person)).astype(np.int64))
    pause = np.cumsum(pause.reshape(-1, CLICKS), axis=1).ravel()
    begin = (FIRST_DAY + 1) * DAY_S + 18 * 3600 + np.repeat(rng.integers(0, 3_600, count * EVENINGS), CLICKS)
    at = begin + evening.astype(np.int64) * DAY_S + pause
    newest = np.argsort(-at, kind="stable")
    courses = pl.Series([f"岗位技能第{n:02}讲" for n in range(1, 41)])
    names, told = pl.Series(folk.name), pl.Series(account)
    address = pl.Series([f"58.{211 + n // 65_536}.{n // 256 % 256}.{n % 256}" for n in range(count)])
    with (folder / LOG).open("wb") as stream:
        for start in range(0, len(at), 500_000):
            rows = newest[start : start + 500_000]
            who, nth = person[rows], rows % CLICKS
            course = courses.gather(evening[rows] % 20 * 2 + (nth >= CLICKS // 2))
            pl.DataFrame(
                {
                    "课程": course,
                    "时间": pl.from_epoch(pl.Series(at[rows]), time_unit="s").dt.strftime("%Y/%m/%d %H:%M:%S"),
                    "用户全名": names.gather(who),
                    "受影响的用户": pl.repeat("-", len(rows), eager=True),
                    "事件情境": pl.select(pl.format("课程: {}", course)).to_series(),
                    "组件": pl.Series(["系统", "测验", "页面"]).gather(nth % 3),
                    "事件名称": pl.Series(["查看了课程", "查看了课程模块"]).gather(nth % 2),
                    "描述": pl.select(
                        pl.format("The user with id '{}' viewed the course with id '12'.", told.gather(who))
                    ).to_series(),
                    "Origin": pl.repeat("web", len(rows), eager=True),
                    "IP地址": address.gather(who),
                }
            ).write_csv(stream, include_header=start == 0)
    return len(at)


PANDAS = """
import sys
import pandas as pd

folder, unit_s, required_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sessions = pd.read_csv(folder + "/学习记录.csv", dtype={"身份证号": str}, parse_dates=["开始时间", "结束时间"])
people = pd.read_csv(folder + "/实名注册.csv", dtype={"身份证号": str})
sessions = sessions.merge(people[["身份证号", "单位名称"]], on="身份证号", how="left")
length = (sessions["结束时间"] - sessions["开始时间"]).dt.total_seconds()
short = sessions[(length > 0) & (length < unit_s)]

sessions = sessions.sort_values(["身份证号", "开始时间", "结束时间"])
ends = sessions.groupby("身份证号")["结束时间"].cummax()
before = ends.groupby(sessions["身份证号"]).shift()
overlap = sessions[(before - sessions["开始时间"]).dt.total_seconds() > 60]
begin = sessions["开始时间"].where(before.isna() | (before < sessions["开始时间"]), before)
new = (sessions["结束时间"] - begin).dt.total_seconds().clip(lower=0)
net = new.groupby(sessions["身份证号"]).sum()
few = net[net // unit_s * unit_s < required_s]

use = sessions.assign(day=sessions["开始时间"].dt.date).groupby(["IP地址", "day"])
use = use.agg(people=("身份证号", "nunique"), employers=("单位名称", "nunique"))
shared = use[(use["people"] >= 3) & (use["employers"] >= 2)]
print(len(short), len(overlap), len(few), len(shared))
"""
FLOOR = """
import duckdb, sys
duckdb.connect(sys.argv[2]).execute("CREATE TABLE s AS SELECT * FROM read_csv(?)", [sys.argv[1]])
"""


def measured(command: list[str]) -> tuple[float, float, str]:
    """Run a program: wall seconds, peak memory in GB, what it printed."""
    before = time.perf_counter()
    script = "import resource, subprocess, sys; r = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True); "
    script += "sys.stdout.buffer.write(r.stdout); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", script, *command], stdout=subprocess.PIPE, check=True, text=True)
    wall = time.perf_counter() - before
    *said, peak = done.stdout.rstrip().split("\n")
    return wall, int(peak) / 1_048_576, "\n".join(said)


def floor(folder: Path, work: Path, file: str = SESSIONS) -> tuple[float, float]:
    database = work / "floor.duckdb"
    wall, peak, _ = measured([sys.executable, "-c", FLOOR, str(folder / file), str(database)])
    database.unlink()
    return wall, peak


def alternative(folder: Path) -> tuple[float, float, str] | None:
    if importlib.util.find_spec("pandas") is None:
        return None
    return measured([sys.executable, "-c", PANDAS, str(folder), "1800", str(24 * 1800)])


def audit(folder: Path, work: Path) -> tuple[float, float, dict[str, float], dict[str, int]]:
    out = work / "out"
    wall, peak, said = measured(
        [sys.executable, "-m", "auditor", "audit", str(folder), "--policy", POLICY, "--out", str(out), "--json"]
    )
    stages = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["seconds"]
    counts = {rule["id"]: rule["findings"] for rule in json.loads(said)["rules"] if rule["findings"]}
    shutil.rmtree(out)
    return wall, peak, stages, counts


FASTEXCEL = """
import sys, time, fastexcel
before = time.perf_counter()
fastexcel.read_excel(sys.argv[1]).load_sheet(0).to_polars()
print(time.perf_counter() - before)
"""
INTAKE = """
import sys, tempfile, time
from pathlib import Path
from auditor.intake.load import load
with tempfile.TemporaryDirectory() as work:
    before = time.perf_counter()
    read = load([Path(sys.argv[1])], Path(work), set(), lambda _: None).sources[0].read
    print(time.perf_counter() - before)
assert read == int(sys.argv[2]), read
"""


def workbooks(rows: int, runs: int) -> None:
    """Seconds within the program, without its start: texts alone, then times as dates."""
    count, rng = rows // SITTINGS, np.random.default_rng(1)
    folk = invented.invent(count, words.PLACES[POLICY], int(FIRST_DAY), rng)
    lessons = [f"岗位技能第{n:02}讲" for n in range(1, SITTINGS + 1)]
    base = pl.DataFrame({"身份证号": folk.number, "姓名": folk.name})
    texts = _sittings(np.arange(count), np.zeros(count, dtype=int), base, lessons, rng)
    times = [pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S") for name in ("开始时间", "结束时间")]
    for form, frame in (("texts", texts), ("dates", texts.with_columns(times))):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "学习记录.xlsx"
            frame.write_excel(path, autofit=False)
            said = [
                [
                    float(measured([sys.executable, "-c", script, str(path), str(rows)])[2])
                    for script in (FASTEXCEL, INTAKE)
                ]
                for _ in range(runs)
            ]
        bare, whole = (min(run[place] for run in said) for place in (0, 1))
        print(f"{rows:,} rows of {form}: fastexcel {bare:.2f} s, intake {whole:.2f} s, {whole / bare:.2f} ×")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["1000000"], metavar="[xlsx | events] N")
    parser.add_argument("--runs", type=int, default=3, help="the least of so many is printed (of 10 M one)")
    parser.add_argument("--keep", type=Path, help="leave the made export in this folder")
    arguments = parser.parse_args()
    if "xlsx" in arguments.what:
        workbooks(300_000, arguments.runs)
        return
    log = arguments.what[0] == "events"
    for rows_wanted in map(int, arguments.what[log:]):
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch)
            folder = arguments.keep or work / "export"
            rows = (make_log if log else make)(folder, rows_wanted)
            file = LOG if log else SESSIONS
            floors, audits = [], []
            runs = arguments.runs if rows_wanted < 5_000_000 else 1
            for _ in range(runs):  # in turn, so that a busy moment meets both
                floors.append(floor(folder, work, file))
                audits.append(audit(folder, work))
            bare, (wall, peak, stages, counts) = min(floors), min(audits, key=lambda run: run[0])
            size = (folder / file).stat().st_size / 1e6
            print(f"{rows:,} {'events' if log else 'sessions'}, {size:,.0f} MB, {sum(counts.values()):,} findings")
            print(f"  floor          {bare[0]:7.2f} s            {bare[1]:5.2f} GB")
            slow = None if log else alternative(folder)
            if log:
                pass
            elif slow is None:
                print("  pandas script  SKIPPED: pandas is not installed (pip install -r requirements-benchmark.txt)")
            else:
                print(f"  pandas script  {slow[0]:7.2f} s  {slow[0] / bare[0]:5.2f} ×  {slow[1]:5.2f} GB")
            print(f"  auditor audit  {wall:7.2f} s  {wall / bare[0]:5.2f} ×  {peak:5.2f} GB")
            print("    " + " · ".join(f"{name} {seconds:.2f}" for name, seconds in stages.items()))


if __name__ == "__main__":
    main()

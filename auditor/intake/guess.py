"""What a sheet with headers that nobody knows may be, told by its cells: where its header is, what stands in each
column, which table that makes. Guesses for an auditor to look at, never used by an audit on their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import polars as pl

from auditor.intake import address, identity, times
from auditor.intake.recognise import best_fit
from auditor.intake.sheet import Sheet
from auditor.intake.text import NUMBER, clean, plain
from auditor.schema import tables

# polars types a mean, a median or a maximum as any value it can hold: hence the ignores below
_ROWS = 5_000  # that are looked at
_MOST = 0.8  # of the values of a column
_ID_MASKED = r"^\d{3,14}[*＊xX•]{4,}[\dXx]{0,4}$"
_PHONE = r"^(?:\+?86[- ]?)?1[3-9][\d*]-?[\d* ]{4}-? ?[\d*]{4}$"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓"
    "牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙"
    "池乔阴郁胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容"
    "向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰"
    "巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴肖闫覃代付"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|长孙|宇文|端木|独孤|南宫|轩辕"
_NAME = rf"^(?:(?:[{_SURNAMES}]|{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{2,8}}·[\u4e00-\u9fff·]{{2,12}})$"
_FIRM = r"公司|厂$|集团|中心|合作社|医院|学校|学院|事务所|经营部|门店|商行|协会|(?i:\b(?:ltd|inc|llc|co)\b)"
_LESSON = (
    r"课|第.{1,4}[讲章节集期]|培训|安全|知识|技能|基础|实务|概论|教程|法规|管理|(?i:lesson|course|chapter|module|unit)"
)
_EXAM = r"考试|考核|测验|测试|补考|(?i:\b(?:exam|test|quiz))"
_ACCOUNT = r"^[A-Za-z0-9][A-Za-z0-9_.@\-]{2,39}$"
_ODD_DATE = (
    r"^(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>(?:19|20)?\d{2})"
    r"(?:,? +(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?)?(?: ?(?P<half>[AaPp][Mm]))?$"
)
_PEOPLED = frozenset(("id_number", "account", "name", "phone"))
_TITLED = frozenset(("claims", "courses", "registrations"))  # not told by their cells alone
_BESIDE = 30  # what a title above weighs


@dataclass(frozen=True)
class Column:
    """What most texts of a column are: `kind`, a name of ours or None. `order`: dmy or mdy where day and month come
    before the year and the texts prove which, "" where they do not; None where the year leads. `unit`: whether bare
    numbers stand in it."""

    kind: str | None
    texts: pl.Series  # by row, cleaned
    order: str | None = None
    bare: bool = False

    def seconds(self) -> pl.Series:
        if self.order is None:
            return times.seconds(self.texts)
        return _odd(self.texts, self.order or "mdy")


@dataclass(frozen=True)
class Guess:
    """`fields`: field → column (from 0); `units`: field of bare numbers → seconds of its unit, None where nothing tells
    it."""

    table: str
    fields: dict[str, int]
    units: dict[str, int | None] = field(default_factory=dict)


def header_of(sheet: Sheet) -> tuple[int, bool]:
    """Where the header stands among the first rows, -1 for nowhere; and whether its words are known to us."""
    if found := best_fit(sheet):
        return found.header, True
    cells = pl.DataFrame(
        [(row, place, cell) for row, line in enumerate(sheet.head) for place, cell in enumerate(line) if cell.strip()],
        schema={"row": pl.Int64, "place": pl.Int64, "cell": pl.String},
        orient="row",
    ).with_columns(pl.col("cell").str.strip_chars())
    if cells.is_empty():
        return -1, False
    texts = clean(cells["cell"])
    value = _is_value(texts)
    again = cells.select(pl.len().over("place", "cell") > 1).to_series()
    rows = (
        cells.with_columns(value=value, again=again)
        .group_by("row", maintain_order=True)
        .agg(pl.len().alias("cells"), pl.col("value").sum(), pl.col("again").sum())
        .filter(pl.col("cells") * 2 >= pl.col("cells").max())
    )
    row, count, values, repeated = rows.row(0)
    data = rows.filter(pl.col("value") * 4 >= pl.col("cells"))["row"]
    if values * 4 >= count or (data.is_empty() and repeated * 2 > count):
        return -1, False
    between = rows.filter((pl.col("row") > row) & (pl.col("row") < data[0]))["row"] if len(data) else data
    return int(between[-1] if 0 < len(between) < 3 else row), False  # a header of two or three rows


def _is_value(texts: pl.Series) -> pl.Series:
    """Whether a text is a value and no header, whatever it says."""
    bare = plain(texts)
    patterns = (r"^\d{17}[\dXx]$", _ID_MASKED, _PHONE, r"^\d{1,3}(?:\.\d{1,3}){3}$", r"^-?[\d,.:]+%?$",
                r"^\d+(?:分|小时|秒)", r"^(?:19|20)\d{2}[-/.年]\d{1,2}", _ODD_DATE)  # fmt: skip
    frame = bare.alias("v").to_frame()
    return frame.select(pl.any_horizontal(pl.col("v").str.contains(one) for one in patterns)).to_series()


def read(sheet: Sheet, header: int, width: int) -> list[Column]:
    """What stands in each column of the first rows below the header. Raises Fault."""
    batches = sheet.open(header, width, [])
    batch = next(batches, None)
    close = getattr(batches, "close", None)
    if close:
        close()
    if batch is None:
        return [Column(None, pl.Series([], dtype=pl.String)) for _ in range(width)]
    return [_column(clean(batch.column(place).head(_ROWS))) for place in range(width)]


def _column(texts: pl.Series) -> Column:
    distinct = texts.drop_nulls().unique(maintain_order=True)
    if distinct.is_empty():
        return Column(None, texts)
    bare = plain(distinct)
    states = identity.read(distinct)["state"]
    numbers = times.bare(distinct).is_not_null()

    def share(which: pl.Series) -> float:
        return _figure(which.fill_null(False).mean())

    def like(pattern: str) -> float:
        return share(bare.str.contains(pattern))

    damaged = (states == identity.DAMAGED) & (bare.str.contains(r"^\d{15,}$|E\+1[67]$"))
    if share((states == identity.VALID) | damaged | bare.str.contains(_ID_MASKED)) >= 0.5:
        return Column("identity", texts)
    if like(_PHONE) >= _MOST:
        return Column("phone", texts)
    if like(_ODD_DATE) >= _MOST:
        order = _order(bare)
        return Column("time" if like(r":\d") >= _MOST else "date", texts, order)
    if share(times.seconds(distinct).is_not_null()) >= _MOST:
        return Column("time", texts)
    if share(times.seconds(distinct, clock=False).is_not_null()) >= _MOST:
        return Column("date", texts)
    if like(r"^\d+(?:\.\d+){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:") >= _MOST and share(_addresses(bare)) >= _MOST:
        return Column("address", texts)
    if share(times.durations(distinct, None).is_not_null()) >= _MOST:
        return Column("duration", texts)
    if share(numbers) >= _MOST:
        return Column("number", texts, bare=True)
    for kind, table in (("sex", "registrations"), ("result", "exams")):
        if share(bare.str.to_lowercase().is_in(list(tables()[table].columns[kind].words))) >= _MOST:
            return Column(kind, texts)
    for kind, pattern, enough in (
        ("employer", _FIRM, 0.5),
        ("exam", _EXAM, 0.5),
        ("course", _LESSON, 0.5),
        ("name", _NAME, _MOST),
    ):
        if like(pattern) >= enough:
            return Column(kind, texts)
    if like(_ACCOUNT) >= _MOST and like(r"\d") >= 0.5:
        return Column("account", texts)
    if len(texts) >= 20 and len(distinct) * 4 <= texts.count() and _figure(bare.str.len_chars().median()) >= 6:
        return Column("course", texts)  # the same few texts again and again
    return Column(None, texts)


def _addresses(texts: pl.Series) -> pl.Series:
    return address.read(texts)["value"].is_not_null()


def _order(texts: pl.Series) -> str:
    """What figures above 12 prove: dmy, mdy, or nothing."""
    figures = texts.str.extract_groups(_ODD_DATE).struct.unnest().select(pl.col("a", "b").cast(pl.Int64, strict=False))
    first, second = (_figure(figures[name].max()) for name in ("a", "b"))
    return "" if (first > 12) == (second > 12) else "dmy" if first > 12 else "mdy"


def _figure(aggregate: Any) -> float:
    """What polars types as anything that a cell may be."""
    return float(aggregate or 0)


def _odd(texts: pl.Series, order: str) -> pl.Series:
    """Times whose year comes last → seconds."""
    parts = texts.str.extract_groups(_ODD_DATE).struct.unnest()
    number = {name: pl.col(name).cast(pl.Int64, strict=False) for name in ("a", "b", "y", "H", "M", "S")}
    day, month = ("a", "b") if order == "dmy" else ("b", "a")
    late = (pl.col("half").str.to_lowercase() == "pm") & (number["H"] < 12)
    year = pl.when(number["y"] < 100).then(number["y"] + 2000).otherwise(number["y"])
    hour = pl.when(late.fill_null(False)).then(number["H"] + 12).otherwise(number["H"]).fill_null(0)
    real = number[day].is_between(1, 28) & number[month].is_between(1, 12) & hour.is_between(0, 23)
    when = pl.datetime(
        year, pl.when(real).then(number[month]).otherwise(1), pl.when(real).then(number[day]).otherwise(1)
    )
    seconds = when.dt.epoch("s") + hour * 3600 + number["M"].fill_null(0) * 60 + number["S"].fill_null(0)
    return parts.select(pl.when(real).then(seconds).cast(pl.Int64)).to_series()


def table_of(columns: list[Column], above: str) -> Guess | None:
    """The table that the columns make; `above`: the file's name, the sheet's, and what stands above the header."""
    best: tuple[int, Guess] | None = None
    for name, table in tables().items():
        found = fields_of(name, columns, {})
        people = not table.columns.keys().isdisjoint(_PEOPLED)
        titled = any(word in above for word in table.titles)
        marks = len(found.fields.keys() & set(table.marks))
        if name in ("claims", "courses", "employers", "events") and not titled:
            continue
        whole = all(not found.fields.keys().isdisjoint(group) for group in table.one_of)
        if not whole or (people and found.fields.keys().isdisjoint(_PEOPLED)) or not (marks or titled):
            continue
        if name == "sessions" and found.fields.keys().isdisjoint(("end_at", "duration")):
            continue
        score = _BESIDE * titled + 10 * marks + len(found.fields)
        if best is None or score > best[0]:
            best = score, found
    return best[1] if best else None


def fields_of(name: str, columns: list[Column], taken: Mapping[str, int]) -> Guess:
    """The fields of a table that columns look like; `taken`: those that are already known."""
    table = tables()[name]
    fields, units = dict(taken), dict[str, int | None]()
    used = set(taken.values())

    def take(field: str, *kinds: str) -> None:
        place = next(
            (at for kind in kinds for at, one in enumerate(columns) if one.kind == kind and at not in used), None
        )
        if field in table.columns and field not in fields and place is not None:
            fields[field] = place
            used.add(place)

    if name == "sessions":
        _sitting(columns, fields, units)
        used |= set(fields.values())
        if "start_at" not in fields:
            take("start_at", "time")
        if "end_at" not in fields:
            take("duration", "duration")
    for name_of, kinds in (
        ("id_number", ("identity",)), ("phone", ("phone",)), ("name", ("name",)), ("account", ("account",)),
        ("address", ("address",)), ("sex", ("sex",)), ("result", ("result",)), ("employer", ("employer",)),
        ("exam", ("exam", "course")), ("content", ("course",)), ("course", ("course", "exam")),
        ("taken_at", ("time", "date")), ("registered_at", ("time", "date")), ("happened_at", ("time",)),
        ("claimed_on", ("date", "time")), ("total_time", ("duration",)), ("minutes", ("duration",)),
        ("networks", ("address",)),
    ):  # fmt: skip
        take(name_of, *kinds)
    numbers = {at: times.bare(one.texts) for at, one in enumerate(columns) if one.bare and at not in used}
    for name_of, low, high in (("score", 13, 150), ("amount", 100, 1_000_000), ("class_hours", 1, 200)):
        if name_of in table.columns and name_of not in fields:
            fits = [at for at, said in numbers.items() if low <= _figure(said.max()) <= high and at not in used]
            if fits:
                fields[name_of] = fits[0]
                used.add(fits[0])
    return Guess(name, {key: place for key, place in fields.items() if key not in taken}, units)


def _sitting(columns: list[Column], fields: dict[str, int], units: dict[str, int | None]) -> None:
    """Start, end and length of sittings: of the columns of times the two whose second is never before the first, and
    nearest to it; a length is a number that agrees with both, or says its unit."""
    moments = {
        at: one.seconds() for at, one in enumerate(columns)
        if one.kind == "time" and (at not in fields.values() or at in (fields.get("start_at"), fields.get("end_at")))
    }  # fmt: skip
    best: tuple[float, int, int] | None = None
    for start, end in permutations(moments, 2):
        if fields.get("start_at", start) != start or fields.get("end_at", end) != end:
            continue
        length = (moments[end] - moments[start]).drop_nulls()
        if len(length) and _figure((length >= 0).mean()) >= 0.9 and (length > 0).any():
            middle = _figure(length.median())
            if best is None or middle < best[0]:
                best = middle, start, end
    if best is None:
        return
    _, fields["start_at"], fields["end_at"] = best
    if "duration" in fields:
        return
    length = moments[best[2]] - moments[best[1]]
    for at, one in enumerate(columns):
        if at in fields.values():
            continue
        if one.bare and (unit := unit_by(times.bare(one.texts), length)):
            fields["duration"], units["duration"] = at, unit
            return
        if one.kind == "duration" and unit_by(times.durations(one.texts, None) / 60, length) == 60:
            fields["duration"] = at
            return


def unit_by(figures: pl.Series, length: pl.Series) -> int | None:
    """The unit (seconds) in which most bare numbers agree with lengths in seconds."""
    known = figures.is_not_null() & (length > 0).fill_null(False)
    for unit in (1, 60, 3600):
        near = ((figures * unit - length).abs() <= unit).filter(known)
        if len(near) and near.sum() * 2 > len(near):
            return unit
    return None


def shown(texts: pl.Series, count: int = 3) -> list[str]:
    """The first distinct texts of a column, without the mark of a number cell."""
    return texts.drop_nulls().unique(maintain_order=True).head(count).str.strip_prefix(NUMBER).to_list()


def figures(column: Column) -> pl.Series:
    """The bare numbers of a column, by row."""
    return times.bare(column.texts)


def names_a_thing(text: str) -> bool:
    """Whether a text is the name of a firm or a lesson, and of nobody."""
    named = re.fullmatch(_NAME, text) is not None and (len(text) < 4 or "·" in text)
    return re.search(f"{_FIRM}|{_LESSON}|{_EXAM}", text) is not None and not named


def is_name(text: str) -> bool:
    return re.fullmatch(_NAME, text.strip()) is not None


def are_values(cells: list[str]) -> bool:
    """Whether the cells of a row are values, or of a person, and no headers."""
    texts = plain(clean(pl.Series(cells, dtype=pl.String))).drop_nulls()
    values = _is_value(texts)
    return bool(values.sum() * 4 >= max(len(texts), 1) or texts.str.contains(rf"^\d{{17}}|{_PHONE}").any())

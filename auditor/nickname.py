"""What people call themselves in a meeting: a name, `昵称(入会昵称)`, two on one device, a name and something more."""

import polars as pl

_BLANKS = r"[\s\u3000]+"
_DOTS = r"[·•・‧]"
_HIDDEN = r"[*?\x{FFFD}○●〇□■#]|某|\p{Han}x+$|先生$|女士$"  # masked, or lost in an encoding: nobody's name
_BRACKETS = r"^([^()]*)\(([^()]*)\)$"
_ROLES = (
    r"(?i)^(?:(?:联席|会议)?主持人?|主持|创建者|发起人|嘉宾|主讲人?|讲师|老师|教师|助教|助理|管理员|班主任|观众|学员|成员|"
    r"(?:普通)?参会(?:者|人员?)?|外部(?:联系人|人员|用户)?|访客|来宾|我|本人|会议室|手机|电脑|平板|"
    r"(?:co-?|联席)?host|guest|me|panelist|speaker|presenter|organizer|attendee|participant|external|unverified|未验证)$"
)
_PHONE = r"(?:^|\D)(?:\+?86)?(1[3-9]\d{9})(?:\D|$)"
_WHOLE_PHONE = r"^(?:\+?(?:00)?86)?(1[3-9]\d{9})$"
_WRITTEN = r"(\d)[\s\-]+(\d)"


def keys(texts: pl.Series) -> pl.Series:
    """Names as they are compared: blanks removed, the dots of a long name as one; null where no name can be told."""
    tidy = _tidy(texts)
    legible = pl.select(tidy.str.contains(r"\p{L}") & ~tidy.str.to_lowercase().str.contains(_HIDDEN)).to_series()
    return pl.select(pl.when(legible).then(tidy)).to_series()


def phones(texts: pl.Series) -> pl.Series:
    """Phones as they are compared: eleven digits; null where none can be told."""
    return texts.str.replace_all(r"[\s\-()]", "").str.extract(_WHOLE_PHONE, 1)


def read(names: pl.DataFrame) -> pl.DataFrame:
    """`no`, `text` of each name → `no`, `said` (as compared), `front` and `within` (`昵称(入会昵称)`, else null),
    `role` (what stands in the brackets is one), `device` (two names on one), `phone` (one that stands in it), `shown`
    (masked)."""
    texts = names["text"]
    said = _tidy(texts)
    joined = texts.str.replace_all(_WRITTEN, "${1}${2}").str.replace_all(_WRITTEN, "${1}${2}")
    frame = pl.DataFrame({"no": names["no"], "said": said, "within": said.str.extract(_BRACKETS, 2)})
    return frame.with_columns(
        front=said.str.extract(_BRACKETS, 1),
        role=frame["within"].str.contains(_ROLES).fill_null(False),
        device=said.str.contains(r"[^(][&、][^)]"),
        phone=pl.coalesce(texts.str.extract(_PHONE, 1), joined.str.extract(_PHONE, 1)),
        shown=texts.str.slice(0, 1) + "＊＊",
    )


def _tidy(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(_BLANKS, "").str.replace_all(_DOTS, "·")

"""How the cells of workpapers.xlsx look."""

_TOP = {"valign": "top", "font_size": 10}
_TEXT = _TOP | {"text_wrap": True, "quote_prefix": True}
_HEAD = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E4EAF1", "border": 1,
         "font_size": 10}  # fmt: skip
# what people fill in: whoever protects a sheet leaves these cells open
_FILL = _TEXT | {"bg_color": "#FFF9DB", "border": 1, "border_color": "#D9C77A", "locked": False}
_FIGURE = _TOP | {"align": "right", "indent": 1}
_NUMBERS = {"count": "#,##0", "money": "#,##0.00", "hours": "#,##0.00", "plain": "General"}
STYLES = {
    "title": {"bold": True, "font_size": 16, "valign": "vcenter", "quote_prefix": True},
    "line": _TEXT,
    "loud": _TEXT | {"bold": True, "font_color": "#9C1C1C"},
    "part": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "head": _HEAD,
    "fill": _FILL,
    "fill day": _FILL | {"num_format": "yyyy-mm-dd"},
    "link": _TEXT | {"font_color": "#1F4E9A", "underline": 1},
    "label": _TEXT | {"bold": True, "bg_color": "#F2F5F9", "border": 1, "valign": "vcenter"},
    "entry": _TEXT | {"border": 1, "valign": "vcenter"},
    "code": _TEXT | {"font_name": "Consolas", "font_size": 9},
    "above": {"bold": True, "font_color": "#9C1C1C", "align": "center", "font_size": 10},
    "text": _TEXT,
    **{f"total {name}": _TEXT | {"bold": True, "top": 1} for name in ("text", "fill", "fill day")},
    **{name: _FIGURE | {"num_format": shown} for name, shown in _NUMBERS.items()},
    **{f"total {name}": _FIGURE | {"num_format": shown, "bold": True, "top": 1} for name, shown in _NUMBERS.items()},
}

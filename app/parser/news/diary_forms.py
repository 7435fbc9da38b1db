"""How a government diary prints days, alone or before the entry, and its titles; each form with an example."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from app.parser.text.normalise import fold_width, parse_numeral

_N = r"[0-9]{1,2}(?![0-9])|[一二三四五六七八九十]{1,3}"
_YEAR = r"(?:(?P<year>(?:19|20)[0-9]{2})\s?年\s?)?"
_TO = r"\s?(?:-+|~|至|到|、|,|和)\s?"
_WEEKDAY = r"(?:\s?\(?\s?(?:星期|周|礼拜)[一二三四五六日天]\s?\)?)?"
_TIME = r"(?:\s?\(?(?:[上下中]午|晚上?|凌晨|清晨|夜间?|全天)\)?)?"
ENTRY_MARK = re.compile(
    r"[△▲∆Δ▵◆◇●•·■□▷▶☆★*○◎※①-⑳]\s*|(?:[是同当本]日|当天|同一?天)\s?[:：，,、\s]\s*"
    r"|[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]\s*"
    r"|[一二三四五六七八九十]{1,3}、\s*(?![一二三四五六七八九十]{1,3}[日月])|\d{1,2}[、.．]\s*(?=\d{1,2}\s?月|[^\d\s.])"
)
"""What stands before an entry of the day above it."""
_NOT_A_DAY = re.compile(r"[内前后起止游均报以中]")
_UNDATED = re.compile(r"(?:本月|当月|月初|月末|月底|[上中下]旬|近日|日前)\s?[，,、:：\s]")


class DayForm(NamedTuple):
    """One form of the day: its pattern, an example, and the days that are read from it in a diary of May 2021."""

    name: str
    pattern: re.Pattern[str]
    example: str
    days: tuple[str, str]


def _form(name: str, pattern: str, example: str, first: str, last: str | None = None) -> DayForm:
    return DayForm(
        name, re.compile(rf"[\[(<]?\s?{pattern}{_WEEKDAY}(?:\s?[\])>])?{_TIME}"), example, (first, last or first)
    )


DAY_FORMS: tuple[DayForm, ...] = (
    _form(
        "span over months",
        rf"{_YEAR}(?P<month>{_N})\s?月\s?(?P<day>{_N})\s?[日号]?{_TO}(?P<to_month>{_N})\s?月\s?(?P<to>{_N})\s?[日号]",
        "4月30日至5月2日",
        "2021-04-30",
        "2021-05-02",
    ),
    _form(
        "span with a month",
        rf"{_YEAR}(?P<month>{_N})\s?月\s?(?P<day>{_N})\s?[日号]?{_TO}(?P<to>{_N})\s?[日号]",
        "5月8日至9日",
        "2021-05-08",
        "2021-05-09",
    ),
    _form(
        "span into the next month",
        rf"(?P<day>{_N})\s?[日号]?{_TO}(?P<to_month>{_N})\s?月\s?(?P<to>{_N})\s?[日号]",
        "30日至6月1日",
        "2021-05-30",
        "2021-06-01",
    ),
    _form("span", rf"(?P<day>{_N})\s?[日号]?{_TO}(?P<to>{_N})\s?[日号]", "8—9日", "2021-05-08", "2021-05-09"),
    _form(
        "day with a month", rf"{_YEAR}(?P<month>{_N})\s?月\s?(?P<day>{_N})\s?[日号]", "5月6日（星期四）", "2021-05-06"
    ),
    _form("day", rf"(?P<day>{_N})\s?[日号]", "十八日上午", "2021-05-18"),
)


class Month(NamedTuple):
    """A year and a month; both None where neither heading, contents list nor issue says them."""

    year: int | None = None
    month: int | None = None


class PrintedDay(NamedTuple):
    """The day at the beginning of a line: first and last day, as printed, and the rest of the line.

    The days are None when they do not exist or their month is not known.
    """

    first: date | None
    last: date | None
    printed: str
    rest: str
    is_alone: bool


def read_day(text: str, month: Month, published_on: date) -> PrintedDay | None:
    """Return the day with which a line begins; None when it begins with something else.

    A figure is a day when it stands alone, before a comma, colon, space or mark, or before the words of an entry. The
    year of a printed month is that of `month`, else the last in which it was before the day of publication.
    """
    folded = fold_width(text[:48]).replace("元月", "1月")
    for form in DAY_FORMS:
        match = form.pattern.match(folded)
        if match is None:
            continue
        rest = text[match.end() :]
        separator = re.match(r"\s*[:：，,、。]?\s*", rest)
        behind = rest[separator.end() :] if separator else rest
        if not (separator and separator[0]) and behind and (_NOT_A_DAY.match(behind) or not _begins_entry(behind)):
            return None
        first, last = _to_days(match.groupdict(), month, published_on)
        return PrintedDay(first, last, text[: match.end()].strip(), behind.strip(), not behind.strip())
    return None


def _begins_entry(text: str) -> bool:
    return re.match(r"[一-龥“《△▲●◆·•]|\d{1,2}\s?(?:[:：]|时|点)", text) is not None


def _to_days(said: dict[str, str | None], month: Month, published_on: date) -> tuple[date | None, date | None]:
    """Return first and last day; a span of a single day is that day."""
    first_month = parse_numeral(said["month"] or "") if said.get("month") else month.month
    year = int(said["year"] or 0) if said.get("year") else month.year
    if year is not None and not said.get("year") and first_month and month.month:
        year += (first_month + 6 < month.month) - (first_month > month.month + 6)
    elif year is None and first_month:
        year = published_on.year - (first_month > published_on.month)
    first = _day(year, first_month, said["day"])
    if not said.get("to"):
        return first, first
    to_month = parse_numeral(said.get("to_month") or "") or first_month
    to_year = year + 1 if year and to_month and first_month and to_month < first_month else year
    last = _day(to_year, to_month, said["to"])
    return (first, last) if first and last and first <= last else (None, None)


def _day(year: int | None, month: int | None, day: str | None) -> date | None:
    try:
        return date(year or 0, month or 0, parse_numeral(day or "") or 0)
    except ValueError:
        return None


def begins_with_a_day(text: str) -> bool:
    """Tell whether a line begins with a figure of days, whether or not it is a day that is read."""
    return re.match(r"[^一-龥\d]{0,2}\d{1,2}\s?[日号](?![内前后起止游均报以])", fold_width(text[:12])) is not None


def is_undated(text: str) -> bool:
    """Tell whether an entry is about a part of the month and no day (下旬，…)."""
    return _UNDATED.match(text) is not None


DIARY_TITLES: tuple[tuple[str, str], ...] = (
    ("[大要]事记", "临江市人民政府2021年5月大事记"),
    ("[大要]事[纪记]要", "五月大事纪要"),
    ("纪事", "政务纪事（2021年5月）"),
    ("记事", "5月份市政府记事"),
)
"""What a diary is called, with an example."""
_TITLE = re.compile("|".join(pattern for pattern, _ in DIARY_TITLES))
_MONTH_IN_TITLE = re.compile(
    rf"(?:(?P<year>(?:19|20)[0-9]{{2}}|[一二][零九][零一二三四五六七八九]{{2}})\s?年\s?)?(?P<month>{_N})(?:\s?月?份?{_TO}(?P<to>{_N}))?\s?月"
)
_MAX_TITLE_LENGTH = 60


def is_diary_title(text: str) -> bool:
    """Tell whether a short line is the title of a diary or the heading of one of its months."""
    return len(text) < _MAX_TITLE_LENGTH and _TITLE.search(text) is not None and not re.search("[，。；,;]", text)


def is_month_heading(text: str) -> bool:
    """Tell whether a line is a month and nothing else (5月份)."""
    return _MONTH_IN_TITLE.sub("", fold_width(text), count=1).strip(" ()份*#:") == "" and "月" in text


def month_of_title(text: str | None, published_on: date) -> Month | None:
    """Return the month that a title names, the last such month up to the day of publication when it names no year."""
    match = _MONTH_IN_TITLE.search(fold_width(text or "").replace("元月", "1月"))
    month = parse_numeral(match["month"]) if match else None
    if match is None or month is None or not 1 <= month <= 12:
        return None
    if match["year"]:
        return Month(parse_numeral(match["year"]), month)
    return Month(published_on.year - (month > published_on.month), month)


def month_of_issue(issue_id: str, published_on: date) -> Month:
    """Return the month whose number the issue has, when it was published in that month or one of the three after it.

    An issue with another number is of no month: a gazette may appear several times a month.
    """
    match = re.fullmatch(r"(\d{4})-(\d{2})", issue_id)
    if match is None or not 1 <= int(match[2]) <= 12:
        return Month()
    year, month = int(match[1]), int(match[2])
    months_later = (published_on.year - year) * 12 + published_on.month - month
    return Month(year, month) if 0 <= months_later <= 3 else Month()

"""Deadlines: dates by which, or years in which, something must be done, as sentences print them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from app.parser.text.dates import month_end, to_date
from app.parser.text.normalise import fold_width, parse_numeral

_YEAR = r"(?:(?:19|20)\d{2}|[一二][零一二三四五六七八九]{3})"
_HAN_NUMBER = r"[一二三四五六七八九十]{1,3}"
_MONTH_NUMBER = rf"(?:\d{{1,2}}|{_HAN_NUMBER})"
_PART = r"底|末|上旬|中旬|下旬|中(?=[,前旬])"
_QUARTER = r"(?:第?[一二三四1-4]季度|前三季度|上半年|下半年)"
_DAY = rf"(?:(?P<month>{_MONTH_NUMBER})月份?(?:(?P<day>{_MONTH_NUMBER})[日号]|(?P<part>{_PART}))?)"
_BEFORE = r"(?:之?前|以前)"
# 2021年至2023年, 2019年1月1日至12月31日, 从2021年5月到2022年8月
_SPAN = re.compile(
    rf"(?P<from>[自从])?(?<![\d])(?P<year>{_YEAR})年?(?:(?P<month>{_MONTH_NUMBER})月(?:(?P<day>{_MONTH_NUMBER})[日号])?)?(?:起|开始)?,?"
    rf"\s?(?:[至到~-]|截?止到?)+\s?"
    rf"(?:(?P<year2>{_YEAR})年(?![级度版]))?(?:(?P<month2>{_MONTH_NUMBER})月份?(?:(?P<day2>{_MONTH_NUMBER})[日号]|(?P<part>底|末))?)?(?P<end>年?底|末)?"
    r"(?P<before>之?前)?(?!期间|度)"
)
# 自2019年1月1日起, 从2020年开始: a start is no deadline
_START = re.compile(
    rf"(?:[自从于])?(?<!\d){_YEAR}年(?:{_MONTH_NUMBER}月份?(?:{_MONTH_NUMBER}[日号]|[底末初])?)?(?:1月1日)?(?:起|开始|以来|以后|之后|后)"
    rf"|(?:[自从于])?{_YEAR}年{_MONTH_NUMBER}月{_MONTH_NUMBER}日(?:起)?(?:正式)?(?:施行|执行|实施|生效|印发|发布|公布|通过|批准|修订|成立|召开|会议)"
)
# 到2023年底, 2021年6月底前, 2022年, 2021年上半年, 至2047年6月30日止
_DATED = re.compile(
    rf"(?P<to>到|至|截至|截止到?|在|于)?(?<![\d自从])(?P<year>{_YEAR})年(?![度级版届]|期间)(?P<end>年?底|末|内)?"
    rf"(?:(?P<quarter>{_QUARTER})(?:末|底|结束)?|{_DAY})?(?P<before>{_BEFORE}|止)?(?!起|\d|以来|开始)"
)
# 6月底前, 3月15日之前; of a year that is not printed
_MONTH = re.compile(
    rf"(?:(?P<of>当年|每年度?|次年|翌年|今年|本年度?)|(?<![\d年零一二三四五六七八九十])){_DAY}{_BEFORE}"
)
# 每月10日前, 次月15日前, 每季度末
_DAY_OF_MONTH = re.compile(
    rf"(?:每个?月|次月|当月|下月|每个?季度?(?:首月|第[一1]个月|末月|后|结束后|终了后)?)的?(?:{_MONTH_NUMBER}[日号]{_BEFORE}|[底末]{_BEFORE}?)|每季度[末底]{_BEFORE}?|每年[底末]{_BEFORE}?|每年(?:第?[一二三四]季度|上半年|下半年)(?:内|末|底|{_BEFORE})?"
)
# 每季度上报工作进展
_REPORTED_EACH = re.compile(r"每个?(?:季度|月|半年)(?=[^,;。]{0,8}?(?:上报|报送|报告|通报|汇报))")
# 年底前, 今年底以前, 今年内, 明年底前, 上半年, 三季度前
_OF_THIS_YEAR = re.compile(
    rf"(?P<which>今年|本年度?|明年|次年)(?:年(?=底))?(?:(?P<quarter>{_QUARTER})(?:末|底)?{_BEFORE}?|年?[底末]{_BEFORE}?|内)"
    rf"|(?<!\d年)(?<![今本明次一二三四五六七八九十两几多半\d每当去前])年(?:[底末]{_BEFORE}|内(?![到容]))"
    rf"|(?<![\d年度])(?P<bare>第?[一二三四]季度|上半年|下半年)(?:[末底]{_BEFORE}?|{_BEFORE})"
)
_EVERY_YEAR = re.compile(r"当年|每年|逐年")
_LAST_DAYS = {"上旬": 10, "中旬": 20, "中": 15}
"""The last day of a part of a month. 下旬 ends with the month."""
_LAST_MONTHS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
_MAX_YEARS_AHEAD = 50
"""A bare year further ahead of the document is no deadline."""
_TITLE_YEARS = re.compile(r"\(?((?:19|20)\d{2})年?\s?[-~至到]+\s?((?:19|20)\d{2})年?\)?")  # （2021—2023年） in a title
_CLAUSE_HEAD = re.compile(r"(?:^|[,;:。、()]|其中|并|在|于|到|力争|确保|争取|计划|展望|建议|\s)$")
_NOT_AFTER = re.compile(
    r"(?:[的版届级]|年度|预算|以前年度|工作报告|国民经济|[^,;。]{0,6}(?:基础|标准|水平|基数)|《|法定)"
)
_YEAR_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")


class Deadline(NamedTuple):
    """A deadline: its span in the sentence, its first and last day (None when unknown), and a note.

    `is_goal` marks the year of a goal (到2025年), which also dates the sentences that follow in its paragraph.
    `is_span` marks the first and last day of a measure (2019年1月1日至12月31日).
    """

    start: int
    end: int
    due_from: date | None
    due_to: date | None
    note: str | None = None
    is_goal: bool = False
    is_span: bool = False


class _Sentence(NamedTuple):
    """A folded sentence with what completes its dates."""

    text: str
    signed_on: date | None
    recurring: bool
    year_before: int | None = None


class DateForm(NamedTuple):
    """One form in which dates are printed: its pattern, its reader, and an example signed on 2023-02-01.

    `expected` is the first and the last day of the example; `is_deadline` is False where it sets none.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], _Sentence], Deadline | None]
    example: str
    expected: tuple[str | None, str | None] = (None, None)
    is_deadline: bool = True


def find_deadlines(
    sentence: str, signed_on: date | None, recurring: bool, year_before: int | None = None
) -> list[Deadline]:
    """Return the deadlines of a folded sentence in text order.

    A month without a year is in the year of the date before it in its paragraph (`year_before`), else in the year of
    signature. Its dates are None when that day was over at the signature, or when the text speaks of every year
    (当年, 每年: `recurring`). Past days are no deadlines, and
    neither are starts (自…起) nor the days on which a document takes effect.
    """
    of_sentence = _Sentence(sentence, signed_on, recurring, year_before)
    taken: list[tuple[int, int]] = []
    deadlines: list[Deadline] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(sentence):
            if any(start < match.end() and match.start() < end for start, end in taken[-60:]):
                continue
            if pattern is _SPAN and not (match["year2"] or match["month2"]):
                continue
            taken.append(match.span())
            deadline = read(match, of_sentence)
            if deadline is not None:
                deadlines.append(deadline)
    return sorted(deadlines)


def _number(text: str | None) -> int:
    return (parse_numeral(text) or 0) if text else 0


def _year(text: str) -> int:
    return int(text.translate(_YEAR_DIGITS))


def _first_day(year: int, month: int, day: int) -> date | None:
    return to_date(str(year), str(month or 1), str(day or 1))


def _is_over(day: date, signed_on: date | None) -> bool:
    return signed_on is not None and day < signed_on


def _read_nothing(_match: re.Match[str], _sentence: _Sentence) -> Deadline | None:
    return None


def _read_recurring(match: re.Match[str], _sentence: _Sentence) -> Deadline | None:
    return Deadline(match.start(), match.end(), None, None, f"printed without a year: {match[0]}")


def _read_span(match: re.Match[str], sentence: _Sentence) -> Deadline | None:
    first_year = _year(match["year"])
    last_year = _year(match["year2"]) if match["year2"] else first_year
    first = _first_day(first_year, _number(match["month"]), _number(match["day"]))
    if match["month2"]:
        last = _last_day(last_year, _number(match["month2"]), _number(match["day2"]), match["part"])
    else:
        last = date(last_year, 12, 31)
    if first is None or last is None or first > last or _is_over(last, sentence.signed_on):
        return None
    return Deadline(match.start(), match.end(), first, last, is_span=True)


def _read_date(match: re.Match[str], sentence: _Sentence) -> Deadline | None:
    signed_on = sentence.signed_on
    year = _year(match["year"])
    if signed_on is not None and not signed_on.year <= year <= signed_on.year + _MAX_YEARS_AHEAD:
        return None
    is_stated = bool(match["before"] or match["end"] or match["to"] in ("到", "至", "截至", "截止", "截止到"))
    if match["month"]:
        return _read_day(match, sentence, year, is_stated)
    if match["quarter"]:
        first, last = _quarter_days(year, match["quarter"])
        return None if _is_over(last, signed_on) else Deadline(*match.span(), None if is_stated else first, last)
    if is_stated:
        return Deadline(*match.span(), None, date(year, 12, 31), is_goal=True)
    if not _stands_at_head(sentence.text, match, is_day=False) or (
        signed_on and year > signed_on.year + _MAX_YEARS_AHEAD
    ):
        return None
    return Deadline(*match.span(), date(year, 1, 1), date(year, 12, 31), is_goal=True)


def _read_day(match: re.Match[str], sentence: _Sentence, year: int, is_stated: bool) -> Deadline | None:
    last = _last_day(year, _number(match["month"]), _number(match["day"]), match["part"])
    if last is None or _is_over(last, sentence.signed_on):
        return None
    is_stated = is_stated or bool(match["part"])
    if not is_stated and not _stands_at_head(sentence.text, match, is_day=bool(match["day"])):
        return None
    return Deadline(*match.span(), None, last)


def _stands_at_head(sentence: str, match: re.Match[str], *, is_day: bool) -> bool:
    """Tell whether a bare date begins a clause, so that what follows is to be done then."""
    if is_day or _NOT_AFTER.match(sentence, match.end()):
        return False
    return _CLAUSE_HEAD.search(sentence[: match.start()][-4:]) is not None or match["to"] is not None


def _read_month(match: re.Match[str], sentence: _Sentence) -> Deadline | None:
    signed_on, recurring = sentence.signed_on, sentence.recurring
    month = _number(match["month"])
    if not 1 <= month <= 12:
        return None
    is_this_year = (match["of"] or "").startswith(("今年", "本年"))
    if sentence.year_before and not (match["of"] or recurring):
        last = _last_day(sentence.year_before, month, _number(match["day"]), match["part"])
        note = "the year is that of the date before it"
        return Deadline(match.start(), match.end(), None, last, note) if last else None
    last = _last_day(signed_on.year, month, _number(match["day"]), match["part"]) if signed_on else None
    if (match["of"] and not is_this_year) or recurring or signed_on is None or (last is not None and last < signed_on):
        return Deadline(match.start(), match.end(), None, None, f"printed without a year: {match[0]}")
    note = "the year is that of the document's signature"
    return Deadline(match.start(), match.end(), None, last, note) if last else None


def _read_this_year(match: re.Match[str], sentence: _Sentence) -> Deadline | None:
    signed_on, recurring = sentence.signed_on, _EVERY_YEAR.search(sentence.text) is not None
    note = "the year is that of the document's signature"
    if signed_on is None or (recurring and match["which"] is None):
        return Deadline(match.start(), match.end(), None, None, f"printed without a year: {match[0]}")
    year = signed_on.year
    if match["which"] in ("明年", "次年"):
        year, note = year + 1, "the year is the one after the document's signature"
    quarter = match["quarter"] or match["bare"]
    last = _quarter_days(year, quarter)[1] if quarter else date(year, 12, 31)
    if signed_on is not None and last < signed_on:
        return Deadline(match.start(), match.end(), None, None, f"printed without a year: {match[0]}")
    return Deadline(match.start(), match.end(), None, last, note)


def _quarter_days(year: int, words: str) -> tuple[date, date]:
    """Return the first and the last day of a quarter or half of a year."""
    if words == "上半年":
        return date(year, 1, 1), date(year, 6, 30)
    if words == "下半年":
        return date(year, 7, 1), date(year, 12, 31)
    if words == "前三季度":
        return date(year, 1, 1), date(year, 9, 30)
    month = _LAST_MONTHS[words.removeprefix("第")[0]]
    end = date(year, month, 30) if month in (6, 9) else date(year, month, 31)
    return (end.replace(day=1) - timedelta(days=32)).replace(day=1), end


def _last_day(year: int, month: int, day: int, part: str | None) -> date | None:
    if day:
        return to_date(str(year), str(month), str(day))
    if part in _LAST_DAYS:
        return to_date(str(year), str(month), str(_LAST_DAYS[part]))
    return month_end(year, month)


def extract_plan_years(title: str) -> tuple[int, int] | None:
    """Return the years in a plan's title: (2021, 2023) for `…（2021—2023年）`."""
    match = _TITLE_YEARS.search(fold_width(title))
    return (int(match[1]), int(match[2])) if match and match[1] <= match[2] else None


DATE_FORMS = (
    DateForm(_SPAN, _read_span, "2024年1月1日至2025年6月30日,开展整治", ("2024-01-01", "2025-06-30")),
    DateForm(_SPAN, _read_span, "2024年到2025年,持续巩固成果", ("2024-01-01", "2025-12-31")),
    DateForm(_START, _read_nothing, "自2024年1月1日起施行", is_deadline=False),
    DateForm(_START, _read_nothing, "从2024年开始,实施改造", is_deadline=False),
    DateForm(_START, _read_nothing, "2023年3月5日公布", is_deadline=False),
    DateForm(_DAY_OF_MONTH, _read_recurring, "每月10日前报送进展"),
    DateForm(_DAY_OF_MONTH, _read_recurring, "每季度末报送进展"),
    DateForm(_DAY_OF_MONTH, _read_recurring, "每年第一季度公布报告"),
    DateForm(_REPORTED_EACH, _read_recurring, "每季度上报工作进展"),
    DateForm(_DATED, _read_date, "到2025年,建成体系", (None, "2025-12-31")),
    DateForm(_DATED, _read_date, "2025年建成体系", ("2025-01-01", "2025-12-31")),
    DateForm(_DATED, _read_date, "2023年6月底前完成", (None, "2023-06-30")),
    DateForm(_DATED, _read_date, "2023年上半年,完成方案", ("2023-01-01", "2023-06-30")),
    DateForm(_DATED, _read_date, "2023年第三季度前完成", (None, "2023-09-30")),
    DateForm(_DATED, _read_date, "施行至2047年6月30日止", (None, "2047-06-30")),
    DateForm(_DATED, _read_date, "二零二五年底前完成", (None, "2025-12-31")),
    DateForm(_DATED, _read_date, "2022年完成改造", is_deadline=False),
    DateForm(_MONTH, _read_month, "7月底前完成", (None, "2023-07-31")),
    DateForm(_MONTH, _read_month, "每年3月15日之前报送"),
    DateForm(_OF_THIS_YEAR, _read_this_year, "年底前完成", (None, "2023-12-31")),
    DateForm(_OF_THIS_YEAR, _read_this_year, "今年上半年完成", (None, "2023-06-30")),
    DateForm(_OF_THIS_YEAR, _read_this_year, "明年底前完成", (None, "2024-12-31")),
    DateForm(_OF_THIS_YEAR, _read_this_year, "三季度前完成", (None, "2023-09-30")),
)
_READERS = list(dict.fromkeys((form.pattern, form.read) for form in DATE_FORMS))

"""When a document takes effect and when it expires, from the sentences in which it speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app.parser.text.dates import DATE, last_day_of_term, to_date
from app.parser.text.normalise import fold_width, match_key, parse_numeral

# The last word decides: 实施意见 and 若干意见 are 意见.
SELF_NAMES = (
    "办法|条例|规定|通知|意见|决定|规则|细则|方案|公告|通告|通则|预案|规划|计划|标准|函|批复|政策|措施|文件|规范|制度|目录|清单|指南|纲要|章程"
    "|守则|准则|规程|基准|要点|决议|令"
)
"""What a document calls itself after 本: 本办法, 本实施意见."""
_SELF = rf"(?:本[一-鿿]{{0,6}}?(?P<self>{SELF_NAMES})(?:\((?:试行|暂行)\))?|以上(?:规定|意见|通知|办法))"
_IN_FORCE = "(?:正式|开始|起)*(?:施行|执行|实施|生效|试行)"
_FIGURE = r"[0-9零一二三四五六七八九十两半]{1,3}"
_ISSUE = "(?:印发|公布|发布|发文|下发|签发|颁布|通过|批准)"


def _date(name: str) -> str:
    """Return the pattern of a date whose three figures are groups of this name."""
    year, month, day = re.findall(r"\([^()]*\)", DATE.pattern)
    pattern = DATE.pattern
    for part, group in (("y", year), ("m", month), ("d", day)):
        pattern = pattern.replace(group, f"(?P<{name}{part}>{group[1:-1]})", 1)
    return pattern


_ON = _date("on")
_END = r"(?=[。,;)]|至|$)"
EFFECT_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_SELF}[自从于]?{_ON}起?{_IN_FORCE}"), "本办法自2021年7月1日起施行"),
    (re.compile(rf"[自从于]?{_ON}起,?{_SELF}{_IN_FORCE}"), "自2021年7月1日起,本办法正式实施"),
    (
        re.compile(rf"{_SELF}(?:的)?(?:施行|执行|实施|有效)(?:时间|日期|期限?)(?:为|自|从|:)*{_ON}"),
        "本通知执行时间为2021年7月1日至2022年6月30日",
    ),
    (
        re.compile(rf"{_SELF}[自从]{_ISSUE}之日起?(?:满?(?P<after>{_FIGURE})(?P<unit>日|天|个月)后)?(?:,)?{_IN_FORCE}"),
        "本办法自公布之日起30日后施行",
    ),
)
"""The forms in which a document says of itself when it takes effect, each with an example."""

CLAUSE_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?:^|(?<=[,。;:》]))[自从于]{_ON}起{_IN_FORCE}{_END}"), "现予公布,自2021年7月1日起施行"),
    (re.compile(rf"(?:^|(?<=[,。;:])){_ON}{_IN_FORCE}$"), "2021年7月1日施行"),
    (
        re.compile(
            rf"(?:^|(?<=[,。;:》]))[自从]{_ISSUE}之日起?(?:满?(?P<after>{_FIGURE})(?P<unit>日|天|个月)后)?(?:,)?{_IN_FORCE}{_END}"
        ),
        "由市林业局负责解释,自发布之日起施行",
    ),
)
"""Forms without a subject, which count where no sentence has one. The clause begins with them."""

_UNTIL_DATE = _date("until")
UNTIL_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"有效期(?:限)?为?(?:自{_date('x')}起?)?(?:截[至止]|[至到])+{_UNTIL_DATE}"), "有效期至2023年12月31日"),
    (
        re.compile(
            rf"(?:施行|执行|实施|生效|试行)(?:期限?)?[,、]?(?:有效期)?(?:暂定)?(?:截[至止]|[至到])+{_UNTIL_DATE}"
        ),
        "自2021年7月1日起施行至2023年6月30日止",
    ),
    (re.compile(rf"{_date('x')}起?[至到]{_UNTIL_DATE}"), "自2021年7月1日起至2023年6月30日止执行"),
)
"""The forms of a last day, each with an example."""
_TERM = re.compile(
    rf"(?:有效期|试行期|试行|施行期|执行期|实施期|暂定)(?:限)?(?:为|暂定|自(?:施行|实施|执行|生效|{_ISSUE})之日起|[,:])*({_FIGURE})(个月|年)(?!前|度|初|底|月)"
)
"""A term beside the day of effect: 有效期3年, 试行一年, 暂定两年."""
_HEAD_LENGTH = 4
_MAX_CLOSING_LENGTH = 40
_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,6}条|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、](?!\d))"
)
_CLOSING = re.compile(rf"{_SELF}|解释|废止")
_OWN_TERM = re.compile(rf"{_SELF}(?:的)?(?:有效期|试行期|施行期|执行期|实施期|试行)")


class EffectPeriod(NamedTuple):
    """The first and the last day of a document's effect, and notes on how they are known."""

    effective_on: date | None
    expires_on: date | None
    notes: list[str]


def extract_effect_period(
    text: str, signed_on: date | None, title: str = "", promulgated_on: date | None = None
) -> EffectPeriod:
    """Return the period of effect that a document states of itself; `text` has one paragraph a line.

    The validity of licences and the days from which rates or standards apply are no period of the document. A document
    that takes effect on its day of issue does so on `promulgated_on`, or else on the day of signature, with a note.
    """
    paragraphs = [_NUMBER.sub("", re.sub(r"\s+", "", fold_width(part))) for part in text.split("\n")]
    notes: list[str] = []
    effective: date | None = None
    found = _find_effect(paragraphs, title)
    if found is not None and found.match.groupdict().get("ony"):
        effective = _date_of(found.match, "on")
        if effective is None:
            notes.append("the printed day of effect is no date")
    elif found is not None:
        effective = _after_issue(promulgated_on or signed_on, found.match)
        if effective is not None:
            day = "promulgation" if promulgated_on else "signature"
            notes.append(f"effective_on is derived: in force from the day of issue, taken as the day of {day}")
    near = [paragraphs[found.paragraph]] if found else []
    near += [part for part in paragraphs if _OWN_TERM.search(part)]
    expires = next((last for part in near if (last := _last_day(part, effective))), None)
    if expires is None and effective is None and any(_TERM.search(part) for part in near):
        notes.append("the term of validity begins on a day that is not printed")
    return EffectPeriod(effective, expires, notes)


class _Found(NamedTuple):
    paragraph: int
    match: re.Match[str]


def _find_effect(paragraphs: Sequence[str], title: str) -> _Found | None:
    """Return where the document says when it takes effect: the last such sentence, for closing articles say it.

    A decision that changes a regulation prints the regulation below itself; there 本决定 goes before 本条例.
    """
    candidates = list(_find_forms(paragraphs, EFFECT_FORMS))
    by_name = [found for found in candidates if match_key(title).endswith(found.match.groupdict().get("self") or "…")]
    if by_name and match_key(title).endswith("决定"):
        return by_name[-1]
    if not candidates:
        clauses = _find_forms(paragraphs, CLAUSE_FORMS)
        candidates = [
            found
            for found in clauses
            if _speaks_of(found.paragraph, paragraphs[found.paragraph], found.match.start(), title)
        ]
    return candidates[-1] if candidates else None


def _speaks_of(index: int, paragraph: str, start: int, title: str) -> bool:
    """Return whether a clause may speak of the document: 《甲办法》自… speaks of 甲办法 only.

    It stands at the head of the document, beside a sentence in which the document speaks of itself, or alone.
    """
    is_whole = start == 0 and len(paragraph) < _MAX_CLOSING_LENGTH
    if index >= _HEAD_LENGTH and not is_whole and not _CLOSING.search(paragraph):
        return False
    if paragraph[start - 1 : start] != "》":
        return True
    return match_key(paragraph[paragraph.rfind("《", 0, start) + 1 : start - 1]) in match_key(title)


def _find_forms(paragraphs: Sequence[str], forms: Sequence[tuple[re.Pattern[str], str]]) -> Iterator[_Found]:
    for index, paragraph in enumerate(paragraphs):
        if "行" not in paragraph and "生效" not in paragraph and "实施" not in paragraph and "有效" not in paragraph:
            continue
        for pattern, _ in forms:
            for match in pattern.finditer(paragraph):
                yield _Found(index, match)


def _date_of(match: re.Match[str], name: str) -> date | None:
    return to_date(match[f"{name}y"], match[f"{name}m"], match[f"{name}d"])


def _after_issue(issued_on: date | None, match: re.Match[str]) -> date | None:
    """Return the day of effect that counts from the day of issue."""
    after = match.groupdict().get("after")
    if issued_on is None or not after:
        return issued_on
    count = parse_numeral(after)
    if count is None:
        return None
    if match["unit"] == "个月":
        last = last_day_of_term(issued_on, months=count)
        return last + timedelta(days=1) if last else None
    return issued_on + timedelta(days=count)


def _last_day(paragraph: str, effective: date | None) -> date | None:
    for pattern, _ in UNTIL_FORMS:
        if match := pattern.search(paragraph):
            return _date_of(match, "until")
    match = _TERM.search(paragraph)
    if match is None or effective is None:
        return None
    if match[1] == "半":
        return last_day_of_term(effective, months=6) if match[2] == "年" else None
    count = parse_numeral(match[1])
    if count is None:
        return None
    return last_day_of_term(effective, **({"years": count} if match[2] == "年" else {"months": count}))

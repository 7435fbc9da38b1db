"""When a document takes effect and when it expires, from its closing article."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from app.parser.text.dates import DATE, last_day_of_term, to_date
from app.parser.text.normalise import fold_width, parse_numeral

_FIGURE = r"[0-9零一二三四五六七八九十两]{1,3}"
# 自2021年7月1日起施行
_EFFECTIVE = re.compile(rf"[自从](?:{DATE.pattern})起?(?:正式)?(?:施行|执行|实施|生效|试行)")
# 自印发之日起施行, 自公布之日起满30日后施行
_FROM_ISSUE = re.compile(
    rf"自(?:印发|公布|发布|发文|下发|签发)之日起?(?:满?({_FIGURE})(日|天|个月)后)?(?:正式)?(?:施行|执行|实施|生效|试行)"
)
# 有效期3年
_TERM = re.compile(rf"(?:有效期|试行期|实施期限?|施行期限?)(?:限)?为?({_FIGURE})(年|个月)")
# 有效期至2023年12月31日
_UNTIL = re.compile(rf"有效期(?:限)?(?:截)?[至到](?:{DATE.pattern})")


class EffectPeriod(NamedTuple):
    """The first and the last day of a document's effect, and notes on how they are known."""

    effective_on: date | None
    expires_on: date | None
    notes: list[str]


def extract_effect_period(text: str, signed_on: date | None) -> EffectPeriod:
    """Return the period of effect that the whole text of a document states.

    Source of the rule: the closing article (自…起施行，有效期…年). A document that takes effect on its
    day of issue takes effect on the day of signature, and a note says so.
    """
    folded = re.sub(r"\s+", "", fold_width(text))
    notes: list[str] = []
    effective: date | None = None
    if match := _EFFECTIVE.search(folded):
        effective = to_date(*match.groups())
        if effective is None:
            notes.append("the printed day of effect is no date")
    elif match := _FROM_ISSUE.search(folded):
        effective = signed_on
        if signed_on is not None and match[2] and match[2] != "个月":
            days = parse_numeral(match[1])
            effective = signed_on + timedelta(days=days) if days is not None else None
        elif match[2]:
            effective = None
        if effective is not None:
            notes.append("effective_on is derived: in force from the day of issue, taken as the day of signature")
    expires = _expiry_date(folded, effective)
    return EffectPeriod(effective, expires, notes)


def _expiry_date(folded: str, effective: date | None) -> date | None:
    if match := _UNTIL.search(folded):
        return to_date(*match.groups())
    match = _TERM.search(folded)
    count = parse_numeral(match[1]) if match else None
    if match is None or count is None or effective is None:
        return None
    return last_day_of_term(effective, **({"years": count} if match[2] == "年" else {"months": count}))

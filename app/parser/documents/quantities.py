"""Figures that a sentence promises or sets: shares, amounts, rates, periods, counts, thresholds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from app.parser.text.normalise import numeral

Kind = Literal["target", "amount", "rate", "deadline", "threshold"]
Comparator = Literal["eq", "gte", "lte", "range"]

_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_LEAD = (
    r"(?P<lead>不低于|不少于|不小于|不超过|不高于|不多于|不得超过|不得少于|至少|超过|突破|高于|低于|控制在"
    r"|稳定达到|达到|达|提高到|提升到|提高至|提升至)?\s?"
)
_TAIL = r"(?:\((?P<remark>[^()]{0,40})\))?(?P<tail>及?以上|及?以下|以内|之内|左右|内)?"
_FIGURE = rf"(?P<value>{_NUMBER})(?:\s?[-~至到]+\s?(?P<to>{_NUMBER}))?"
_HAN = r"[一二三四五六七八九十百两]{1,3}"
_UNITS = (
    "平方公里|平方千米|平方米|立方米|公里|千米|公顷|万亩|[千万亿]吨|万户|[万亿]人次|人次|万人|万套|万家|万平方米|万立方米"
    "|万千瓦时|亿千瓦时|万千瓦|千瓦|兆瓦|万?标准?箱|万TEU|[万亿]件|万辆|万座|万个|"
    "个|处|家|项|名|座|条|所|人|户|亩|吨|套|件|次|台|辆|张|片|场|位|"
    "大(?=重点|工程|行动|片区|区域|领域|任务)|A级?(?=以上)|分贝|摄氏度|度|分"
)
_PERCENT = re.compile(
    rf"{_LEAD}(?P<value>{_NUMBER})(?:%?\s?[-~至到]+\s?(?P<to>{_NUMBER}))?\s?(?P<unit>%|个百分点){_TAIL}"
)
_MONEY = re.compile(
    rf"{_LEAD}{_FIGURE}\s?(?P<unit>(?:[百千万亿]|万亿)?(?:元|美元|港元|欧元))(?P<per>/[月年人亩平方米]{{1,3}})?{_TAIL}"
)
_RATIO = re.compile(r"(?P<first>\d{1,3})\s?:\s?(?P<second>\d{1,3})(?:的)?(?P<word>比例)")
_WHOLE = re.compile(r"全额(?=补助|补贴|资助|返还|补偿|报销|减免|保障)|全部(?=归|返还|划转|补助|减免)")
_AGE = re.compile(r"(?P<lead>未满|不满|年?满)?(?P<value>\d{1,3})\s?(?P<unit>周?岁)(?P<tail>及?以上|及?以下)?")
_PERIOD = re.compile(
    rf"(?P<lead>不少于|不得少于|不超过|不得超过|至少|有效期(?:限)?(?:为)?|试行期(?:为)?|利用|用)?\s?"
    rf"(?P<value>\d{{1,3}}|{_HAN})\s?(?P<unit>个?工作日|个自然日|个月|年|天|日|小时|周|个季度)"
    r"(?P<tail>时间|以内|之内|内)?(?!度|级|代|来|月|\d)"
)
_COUNT = re.compile(rf"{_LEAD}{_FIGURE}\s?(?:余)?(?P<unit>{_UNITS}){_TAIL}")
_CLASSIFIERS = ("大",)  # 9大重点区域 counts areas; the word itself is no unit
_EACH = re.compile(r"每(?:人每)?(?P<each>[月年日天])[^,;:。\d]{0,16}$")
_SHARE_OF = re.compile(r"[^,;。()]{0,20}\((?P<who>[^()\d]{2,12}?)占比?(?P<part>\d{1,3})\)")
_HAN_COUNT = re.compile(r"(?:确定|明确|配备|至少|设立|落实)(?P<value>[一两二三四五六七八九十])(?P<unit>名|个|家|位|处)")

_RATE_WORDS = re.compile(r"补助|补贴|奖励|资助|分成|税率|利率|返还|减免|给予|承担|分担|贴息|报销|抽成|费率")
_PAID = re.compile(
    r"津贴|补助|补贴|奖|资助|给予|标准|罚|处以|每[月年人户亩套件次平]|不超过|不低于|费|补偿|缴|报酬|保证金|保费"
)
_DUTY = re.compile(
    r"完成|建成|新建|新增|创建|培育|引进|实现|达到?|打造|形成|力争|争取|确保|消除|清零|稳定在|提升|提高|增加|减少|压减|"
    r"不少于|不低于|不超过|配备|举办|开工|启动|投放|选派|培训|落实|设立|组建|覆盖|整治|改造|建设|治理|修复|新开|招引|开展|保持"
)
_BACKGROUND_BEFORE = re.compile(r"(?:共计?|其中|约|现有|目前|已|累计|总计|第|近|原有|包括|[区县市街镇])$")
_SCOPE_AFTER = re.compile(r"[^,。;]{0,6}(?:作为|列为|纳入)[^,。;]{0,10}(?:范围|对象|任务|计划|名单)")
_BACKGROUND_AFTER = re.compile(r"[^,。;]{0,6}(?:作为|范围)")
_AFTER_DUTY = re.compile(r"[^,。;]{0,14}?(?:提升到|提高到|稳定在|达到|消除|建成|完成|投用|开工|竣工|清零|全覆盖)")
_BOUND_BEFORE = re.compile(r"(?:不超过|不高于|不得超过|(?P<least>不低于|不少于|不得少于))[^\d]{0,12}$")
_OPEN_PERIOD = re.compile(r"(?:近|前|过去|第|[年月\d]|上|连续|已|满)$")


class Quantity(NamedTuple):
    """One figure: its span, what it is, and its value with the printed unit."""

    start: int
    end: int
    kind: Kind
    comparator: Comparator
    value: Decimal | None
    value_to: Decimal | None
    unit: str | None
    note: str | None = None
    is_period: bool = False


def find_quantities(sentence: str) -> list[Quantity]:
    """Return the figures of one folded sentence that set or promise something, in text order.

    Background figures (an area, a count of households, what exists already) are left out.
    """
    found: list[Quantity] = []
    for reader in (_percents, _money, _ratios, _wholes, _ages, _periods, _counts):
        taken = sorted((quantity.start, quantity.end) for quantity in found)
        found += [quantity for quantity in reader(sentence) if not _overlaps(taken, quantity)]
    return sorted(found)


def _overlaps(taken: list[tuple[int, int]], quantity: Quantity) -> bool:
    return any(start < quantity.end and quantity.start < end for start, end in taken[-200:])


def _clause(sentence: str, position: int) -> str:
    """Return the clause before a position, at most 60 characters of it."""
    before = sentence[max(0, position - 60) : position]
    return before[max(before.rfind(mark) for mark in ",;:。") + 1 :]


def _compared(match: re.Match[str]) -> Comparator:
    """Return how the figure is bound: by the words at it, else by those before it in its clause."""
    if near := _compared_near(match):
        return near
    bound = _BOUND_BEFORE.search(_clause(match.string, match.start()))
    return "eq" if bound is None else "gte" if bound["least"] else "lte"


def _compared_near(match: re.Match[str]) -> Comparator | None:
    groups = match.groupdict()
    if groups.get("to"):
        return "range"
    words = f"{groups.get('lead') or ''} {groups.get('tail') or ''}"
    if re.search(r"不超过|不高于|不多于|不得超过|(?<!不)低于|以下|内|控制在|未满|不满", words):
        return "lte"
    if re.search(r"不低于|不少于|不小于|不得少于|至少|超过|突破|高于|达|以上|满|提[高升]", words):
        return "gte"
    return None


def _value(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if text[0].isdigit():
        return Decimal(text)
    number = numeral(text)
    return None if number is None else Decimal(number)


def _made(match: re.Match[str], kind: Kind, note: str | None = None) -> Quantity:
    groups = match.groupdict()
    value, value_to = _value(groups["value"]), _value(groups.get("to"))
    unit = match["unit"] + (groups.get("per") or "")
    if unit in _CLASSIFIERS:
        unit, note = "个", f"printed as {match[0]}"
    return Quantity(match.start(), match.end(), kind, _compared(match), value, value_to, unit, note)


def _percents(sentence: str) -> list[Quantity]:
    found = []
    for match in _PERCENT.finditer(sentence):
        around = _clause(sentence, match.start()) + sentence[match.end() : match.end() + 8]
        if re.search(r"(?:去年|上年|同比|较上|已)", around) and not _DUTY.search(around):
            continue
        made = _made(match, "rate" if _RATE_WORDS.search(around) else "target")
        # Nothing exceeds the whole: 达100% is all of it.
        whole = made.value == 100 and made.unit == "%" and made.comparator == "gte"
        found.append(made._replace(comparator="eq") if whole and not match["tail"] else made)
    return found


def _qualifies(sentence: str, match: re.Match[str]) -> bool:
    """Tell whether `…以上` qualifies the noun that follows it (a threshold), and promises nothing."""
    return bool(match["tail"]) and re.match(r"的|[\u4e00-\u9fff]", sentence[match.end() : match.end() + 1]) is not None


def _money(sentence: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _MONEY.finditer(sentence):
        clause = _clause(sentence, match.start())
        if _qualifies(sentence, match):
            found.append(_made(match, "threshold"))
        elif _PAID.search(clause + sentence[match.start() : match.end() + 8]):
            found.append(_each(_made(match, "amount"), clause))
        elif (match["lead"] or _DUTY.search(clause)) and not _BACKGROUND_BEFORE.search(sentence[: match.start()][-3:]):
            found.append(_made(match, "target"))
    return found


def _each(amount: Quantity, clause: str) -> Quantity:
    """Return an amount with the period it is paid for in its unit: 每月…500元 is 500 元/月."""
    each = _EACH.search(clause)
    if each is None or amount.unit is None or "/" in amount.unit:
        return amount
    return amount._replace(unit=f"{amount.unit}/{each['each'].replace('天', '日')}")


def _ratios(sentence: str) -> list[Quantity]:
    """A ratio as one side's share: of the side that the text names (甲占比7), else of the first part."""
    found = []
    for match in _RATIO.finditer(sentence):
        first, second = int(match["first"]), int(match["second"])
        if first + second:
            named = _SHARE_OF.match(sentence, match.end())
            who = named["who"] if named and int(named["part"]) in (first, second) else None
            part = int(named["part"]) if named and who else first
            share = (Decimal(100) * part / (first + second)).quantize(Decimal("0.01")).normalize()
            share = share.quantize(Decimal(1)) if share == share.to_integral_value() else share
            note = f"ratio {first}:{second}, given as " + (f"the share of {who}" if who else "the first part's share")
            found.append(Quantity(match.start(), match.end(), "rate", "eq", share, None, "%", note))
    return found


def _wholes(sentence: str) -> list[Quantity]:
    return [
        Quantity(match.start(), match.end(), "rate", "eq", Decimal(100), None, "%", f"printed as {match[0]}")
        for match in _WHOLE.finditer(sentence)
    ]


def _ages(sentence: str) -> list[Quantity]:
    return [
        Quantity(
            match.start(),
            match.end(),
            "threshold",
            _compared(match),
            Decimal(match["value"]),
            None,
            match["unit"],
        )
        for match in _AGE.finditer(sentence)
    ]


def _periods(sentence: str) -> list[Quantity]:
    """Periods to act in (`10个工作日内`), to hold (`不少于7天`) or of validity (`有效期3年`)."""
    found = []
    for match in _PERIOD.finditer(sentence):
        before = sentence[max(0, match.start() - 2) : match.start()]
        acts = re.match(r"完成|建成|实现|达到", sentence[match.end() : match.end() + 2]) is not None
        if not (match["lead"] or match["tail"] or acts) or _OPEN_PERIOD.search(before):
            continue
        if match["unit"] == "日" and not (match["lead"] or match["tail"]):
            continue
        quantity = _made(match, "deadline")
        if acts and not match["tail"]:
            quantity = quantity._replace(comparator="lte")
        found.append(quantity._replace(is_period=True))
    return found


def _counts(sentence: str) -> list[Quantity]:
    found: list[Quantity] = [_made(match, "target") for match in _HAN_COUNT.finditer(sentence)]
    for match in _COUNT.finditer(sentence):
        before = sentence[max(0, match.start() - 3) : match.start()]
        after = sentence[match.end() : match.end() + 20]
        if _SCOPE_AFTER.match(after) and "余" not in match[0]:
            found.append(_made(match, "target"))
            continue
        if _BACKGROUND_BEFORE.search(before) or _BACKGROUND_AFTER.match(after) or "余" in match[0]:
            continue
        if _qualifies(sentence, match) or match["unit"].startswith("A"):
            found.append(_made(match, "threshold"))
        elif match["lead"] or _DUTY.search(_clause(sentence, match.start())[-24:]) or _AFTER_DUTY.match(after):
            found.append(_made(match, "target"))
    return found

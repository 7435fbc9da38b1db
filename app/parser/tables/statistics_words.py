"""The words of a statistics table's head: what each says of its column, with an example each."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class Says(Enum):
    """What a word in a head says of the column below it."""

    NAME = "the name of an indicator"
    AREA_NAME = "the name of an area"
    UNIT = "the unit"
    NUMBER = "a running number"
    MONTH = "the month"
    ACCUMULATED = "the months from January to the month of the table"
    PERIOD = "the period of the table's title"
    STOCK = "the end of the month"
    VALUE = "a figure"
    CHANGE = "a change against the same period of the previous year"
    DIFFERENCE = "a change, in percent or not"
    PERCENT = "percent"
    COMPARED = "compared with the same period of the previous year"
    BEFORE = "another period"
    OTHER = "something that observations do not hold"
    FILLER = "nothing"


class HeadWord(NamedTuple):
    """A word of a head, what it says, an example, and why a column of `BEFORE` or `OTHER` is not read."""

    says: Says
    pattern: str
    example: str
    reason: str = ""


_YEAR = r"(?:(?:19|20)\d\d年度?|今年|本年度?)"
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_LAST_YEAR = r"(?:上年度?|去年|上一年|前一年)"
_RANK = "a rank, not a figure"
_PLAN = "a share of a plan or of a whole, not a figure"
_OTHER_BASE = "a change against another base than the same period of the previous year"

HEAD_WORDS: tuple[HeadWord, ...] = (
    HeadWord(Says.OTHER, r"[全在]?[省市国县]?(?:位次|排名|排位|名次|序位|位序|居位)", "全省位次", _RANK),
    HeadWord(
        Says.OTHER,
        r"[占为]?(?:年度?|全年|本年)?(?:预期|年初|调整)?(?:计划|预算|目标|任务|进度)(?:数|值|任务|目标)?",
        "年度计划",
        _PLAN,
    ),
    HeadWord(
        Says.OTHER,
        r"完成(?:年度|全年|年初)?(?:计划|预算|目标|任务)的?(?:比例|百分比|进度|率|%|数)?|完成(?:比例|百分比|进度|率)|占比|比重|构成|占[^,]{1,10}%?",
        "占比",
        _PLAN,
    ),
    HeadWord(
        Says.OTHER,
        r"环比(?:增[长减速幅]|[升涨]跌)?率?幅?|[比较与]上[月期季](?:末)?(?:相?比|增[长减加速])?",
        "比上月增长",
        _OTHER_BASE,
    ),
    HeadWord(
        Says.OTHER,
        rf"[比较与](?:年初|{_LAST_YEAR}末|上年底|去年底)(?:相?比)?(?:新?增[长减加速]?[额量数]?)?",
        "比年初增减",
        _OTHER_BASE,
    ),
    HeadWord(Says.OTHER, r"(?:两|二|三)年平均(?:增[长速])?|平均增[长速]|年均增[长速]", "两年平均增长", _OTHER_BASE),
    HeadWord(
        Says.OTHER,
        r"(?:同比)?(?:增[减加]|增长|减少|净增|提高|回落)(?:[额量数]|绝对[额数量]|百分点|个百分点|点)",
        "同比增减额",
        "a difference, not a rate of growth",
    ),
    HeadWord(
        Says.OTHER,
        r"贡献率?|拉动(?:点数)?|权重|备注|说明|累计增幅位次",
        "贡献率",
        "a column that observations do not hold",
    ),
    HeadWord(Says.OTHER, rf"[以]?(?:上月|上期|{_LAST_YEAR}12月)(?:价格)?[=为]?100", "上月=100", _OTHER_BASE),
    HeadWord(Says.MONTH, r"[以]?(?:上年|去年)同月(?:价格)?[=为]?100", "以上年同月为100"),
    HeadWord(Says.ACCUMULATED, r"[以]?(?:上年|去年)同期(?:价格)?[=为]?100", "上年同期=100"),
    HeadWord(
        Says.OTHER,
        r"为(?:上年|去年)同[期月]的?%?|相当于(?:上年|去年)(?:同期)?的?%?",
        "为上年同期%",
        "a share of the previous year's figure",
    ),
    HeadWord(
        Says.COMPARED,
        rf"[比较与同]{_LAST_YEAR}?同[期月]?(?:相?比)?|[比较与同]{_LAST_YEAR}(?:同[期月])?(?:相?比)?|同比",
        "比上年同期",
    ),
    HeadWord(
        Says.BEFORE,
        rf"{_LAST_YEAR}(?:同[期月]|{_N}月(?:份)?|全年)?(?:累计)?[数额值]?|同期[数额值]?|上[月期季](?:末)?[数额值]?",
        "上年同期",
        "another period",
    ),
    HeadWord(Says.CHANGE, r"(?:增长|增幅|增速|涨幅|涨跌幅?|增减率|增减幅度?|升降幅度?)(?:率|速度|幅度)?", "增速"),
    HeadWord(Says.DIFFERENCE, r"增减|升降|±|\+/?-|\+，?-", "增减"),
    HeadWord(Says.PERCENT, r"%|百分比", "%"),
    HeadWord(Says.STOCK, rf"(?:本?月末|本?期末|{_N}月末|{_N}月底|季末|年末)(?:余额|数)?|余额", "月末余额"),
    HeadWord(
        Says.ACCUMULATED,
        rf"{_YEAR}?(?:1|一)月?(?:-|~|至|到)(?:{_N}|本|当)月(?:份|止)?(?:累计)?|{_YEAR}?(?:自年初|年初至今|至本月|本月止|年)?累计(?:实绩|完成)?[数值额量]?"
        rf"|{_YEAR}?(?:上半年|前三季度|一季度|1季度|全年)|自年初(?:至今)?|年初至今|至本月止?|本月止|截至{_N}月(?:份|末|底)?",
        "1-6月累计",
    ),
    HeadWord(Says.MONTH, rf"{_YEAR}?(?:{_N}月(?:份)?|当月|本月(?:份)?|单月)(?:[数值额量])?", "本月"),
    HeadWord(Says.PERIOD, rf"本期|当期|报告期|本季度?|当季|{_YEAR}(?:{_N}季度|第{_N}季度)?|第?[二三四234]季度", "本期"),
    HeadWord(
        Says.VALUE,
        r"绝对[值额数量]|总量|总额|数值|数额|数量|实[绩际](?:完成)?[数值额量]?|实现[数值额量]?|完成[数值额量]?|金额|指标值|发生[额数]|[数值额量]|实数|指数",
        "绝对额",
    ),
    HeadWord(Says.FILLER, r"[的,/:;、。\-~()\[\]]|其中|全市|全区|全县", "其中："),
)
"""Longer forms come before the words that they contain."""

NAME_HEAD = re.compile(
    r"(?:主要|经济|统计|国民经济主要)?(?:经济|统计)?(?:指标|项目|类别|名称)(?:名称)?(?:及单位)?|指标名|主要经济指标名称|产品名称|单位指标"
)
AREA_HEAD = re.compile(
    r"(?:各)?(?:地区|区域|县\(?市、?,?区\)?|县市区?|市县区?|区县|区\(?县\)?|县\(区\)|县区|镇街|乡镇|街道|行政区|功能区|地方|分区)(?:别|名称)?"
)
UNIT_HEAD = re.compile(r"(?:计量|计算)?单位")
NUMBER_HEAD = re.compile(r"序号|编号|代码|行次")
_WORDS = [(word, re.compile(word.pattern)) for word in HEAD_WORDS]


def read_words(key: str) -> list[tuple[HeadWord, str]] | None:
    """Return the words that make up a head's text, each as printed; None when some of it is not understood.

    `key` is the folded text without spaces.
    """
    found: list[tuple[HeadWord, str]] = []
    at = 0
    while at < len(key):
        match = next(((word, hit[0]) for word, pattern in _WORDS if (hit := pattern.match(key, at)) and hit[0]), None)
        if match is None:
            return None
        found.append(match)
        at += len(match[1])
    return found

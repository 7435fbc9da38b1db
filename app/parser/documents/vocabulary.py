"""Words of official Chinese that state a commitment: comparators, units, verbs and words of certainty.

The patterns in `quantities`, `commitments` and `water_targets` are built from these tables. All entries are for
folded text (half-width punctuation). Entries are tried in the order given, so a word stands before its own
beginning (达到 before 达). An entry may be a regular expression where the words around it decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

Comparator = Literal["eq", "gte", "lte", "range"]


class ComparatorWord(NamedTuple):
    """A word beside a figure, how it bounds the figure (None: not at all), and an example with that word."""

    word: str
    comparator: Comparator | None
    example: str


FIGURE_PREFIXES = (
    ComparatorWord("不低于", "gte", "不低于30%"),
    ComparatorWord("不少于", "gte", "不少于30%"),
    ComparatorWord("不小于", "gte", "不小于30%"),
    ComparatorWord("不超过", "lte", "不超过30%"),
    ComparatorWord("不高于", "lte", "不高于30%"),
    ComparatorWord("不多于", "lte", "不多于30%"),
    ComparatorWord("不得超过", "lte", "不得超过30%"),
    ComparatorWord("不得少于", "gte", "不得少于30%"),
    ComparatorWord("至少", "gte", "至少30%"),
    ComparatorWord("超过", "gte", "超过30%"),
    ComparatorWord("突破", "gte", "突破30%"),
    ComparatorWord("高于", "gte", "高于30%"),
    ComparatorWord("低于", "lte", "低于30%"),
    ComparatorWord("控制在", "lte", "控制在30%"),
    ComparatorWord("稳定达到", "gte", "稳定达到30%"),
    ComparatorWord("达到", "gte", "达到30%"),
    ComparatorWord("达", "gte", "达30%"),
    ComparatorWord("提高到", "gte", "提高到30%"),
    ComparatorWord("提升到", "gte", "提升到30%"),
    ComparatorWord("提高至", "gte", "提高至30%"),
    ComparatorWord("提升至", "gte", "提升至30%"),
)
FIGURE_SUFFIXES = (
    ComparatorWord("及以上", "gte", "30%及以上"),
    ComparatorWord("以上", "gte", "30%以上"),
    ComparatorWord("及以下", "lte", "30%及以下"),
    ComparatorWord("以下", "lte", "30%以下"),
    ComparatorWord("以内", "lte", "30%以内"),
    ComparatorWord("之内", "lte", "30%之内"),
    ComparatorWord("左右", None, "30%左右"),
    ComparatorWord("内", "lte", "30%内"),
)
AGE_PREFIXES = (
    ComparatorWord("未满", "lte", "未满14周岁"),
    ComparatorWord("不满", "lte", "不满14周岁"),
    ComparatorWord("年满", "gte", "年满60周岁"),
    ComparatorWord("满", "gte", "满60周岁"),
)
AGE_SUFFIXES = (
    ComparatorWord("及以上", "gte", "60周岁及以上"),
    ComparatorWord("以上", "gte", "60周岁以上"),
    ComparatorWord("及以下", "lte", "14周岁及以下"),
    ComparatorWord("以下", "lte", "14周岁以下"),
)
PERIOD_PREFIXES = (
    ComparatorWord("不少于", "gte", "不少于7天"),
    ComparatorWord("不得少于", "gte", "不得少于7天"),
    ComparatorWord("不超过", "lte", "不超过7天"),
    ComparatorWord("不得超过", "lte", "不得超过7天"),
    ComparatorWord("至少", "gte", "至少7天"),
    ComparatorWord("有效期限为", None, "有效期限为3年"),
    ComparatorWord("有效期限", None, "有效期限3年"),
    ComparatorWord("有效期为", None, "有效期为3年"),
    ComparatorWord("有效期", None, "有效期3年"),
    ComparatorWord("试行期为", None, "试行期为1年"),
    ComparatorWord("试行期", None, "试行期1年"),
    ComparatorWord("利用", None, "利用三年"),
    ComparatorWord("用", None, "用三年"),
)
PERIOD_SUFFIXES = (
    ComparatorWord("时间", None, "用三年时间"),
    ComparatorWord("以内", "lte", "10个工作日以内"),
    ComparatorWord("之内", "lte", "10个工作日之内"),
    ComparatorWord("内", "lte", "10个工作日内"),
)
# 不超过 in …不超过上年度的30%: the bound of a figure that stands further on in the same clause.
UPPER_BOUNDS_BEFORE = ("不超过", "不高于", "不得超过")
LOWER_BOUNDS_BEFORE = ("不低于", "不少于", "不得少于")

COUNT_UNITS = (
    *("平方公里", "平方千米", "平方米", "立方米", "公里", "千米", "公顷", "万亩", "[千万亿]吨", "万户", "[万亿]人次"),
    *("人次", "万人", "万套", "万家", "万平方米", "万立方米", "万千瓦时", "亿千瓦时", "万千瓦", "千瓦", "兆瓦"),
    *("万?标准?箱", "万TEU", "[万亿]件", "万辆", "万座", "万个"),
    *("个", "处", "家", "项", "名", "座", "条", "所", "人", "户", "亩", "吨", "套", "件", "次", "台", "辆", "张", "片"),
    *("场", "位", "大(?=重点|工程|行动|片区|区域|领域|任务)", "A级?(?=以上)", "分贝", "摄氏度", "度", "分"),
)
CLASSIFIERS = ("大",)  # 9大重点区域 counts areas; the word itself is no unit
MONEY_UNIT = r"(?:[百千万亿]|万亿)?(?:元|美元|港元|欧元)"
PERIOD_UNITS = ("个?工作日", "个自然日", "个月", "年", "天", "日", "小时", "周", "个季度")
HAN_COUNT_VERBS = ("确定", "明确", "配备", "至少", "设立", "落实")
HAN_COUNT_UNITS = ("名", "个", "家", "位", "处")

RATE_WORDS = (
    *("补助", "补贴", "奖励", "资助", "分成", "税率", "利率", "返还", "减免", "给予", "承担", "分担", "贴息", "报销"),
    *("抽成", "费率"),
)
PAYMENT_WORDS = (
    *("津贴", "补助", "补贴", "奖", "资助", "给予", "标准", "罚", "处以", "每[月年人户亩套件次平]", "不超过", "不低于"),
    *("费", "补偿", "缴", "报酬", "保证金", "保费"),
)
DUTY_VERBS = (
    *("完成", "建成", "新建", "新增", "创建", "培育", "引进", "实现", "达到?", "打造", "形成", "力争", "争取", "确保"),
    *("消除", "清零", "稳定在", "提升", "提高", "增加", "减少", "压减", "不少于", "不低于", "不超过", "配备", "举办"),
    *("开工", "启动", "投放", "选派", "培训", "落实", "设立", "组建", "覆盖", "整治", "改造", "建设", "治理", "修复"),
    *("新开", "招引", "开展", "保持"),
)
# After the figure: 20个断面提升到…
DUTY_VERBS_AFTER = (
    *("提升到", "提高到", "稳定在", "达到", "消除", "建成", "完成", "投用", "开工", "竣工", "清零", "全覆盖"),
)
ACHIEVEMENT_VERBS = ("完成", "建成", "实现", "达到")
# A figure that one of these precedes describes the present state.
BACKGROUND_WORDS_BEFORE = (
    *("共计?", "其中", "约", "现有", "目前", "已", "累计", "总计", "第", "近", "原有", "包括", "[区县市街镇]"),
)
PAST_YEAR_WORDS = ("去年", "上年", "同比", "较上", "已")
# A period that one of these precedes lies in the past or is an ordinal.
PAST_PERIOD_WORDS = ("近", "前", "过去", "第", r"[年月\d]", "上", "连续", "已", "满")

STRIVING_WORDS = ("力争", "争取", "努力", "力求")
ENCOURAGING_WORDS = ("鼓励",)


def any_of(words: Iterable[str | ComparatorWord]) -> str:
    """Return the alternation of these words, for use inside a group."""
    return "|".join(word if isinstance(word, str) else word.word for word in words)


def compile_any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that matches any of these words."""
    return re.compile(any_of(words))

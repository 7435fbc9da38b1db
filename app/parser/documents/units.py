"""Units of the figures in running text, each row with an example.

The words of a row are regular expressions for folded text, between spaces. Rows are tried in the order given, and the
words of a row from left to right, so a longer word stands before its own beginning (人次 before 人).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

UnitClass = Literal["money", "percent", "period", "age", "measure", "count", "frequency"]


class UnitRow(NamedTuple):
    """Units of one class, with a sentence that has one of them."""

    unit_class: UnitClass
    words: str
    example: str


UNITS = (
    UnitRow("percent", "% ‰", "完成率达到95%"),
    UnitRow("percent", "个百分点 百分点", "覆盖率提高3个百分点"),
    UnitRow("percent", "倍 番", "产值增长2倍"),
    UnitRow("percent", "成(?![立为果本员就长效交品熟功都])", "覆盖面达到8成"),
    UnitRow("money", "(?:人民币)?(?:美元|港元|欧元|日元|元)(?:人民币)?", "给予补助300元"),
    UnitRow("age", "周?岁", "年满18周岁"),
    UnitRow("period", "个?工作日 个?自然日 个?日历日", "5个工作日内办结"),
    UnitRow("period", "个月(?!球) 个?季度 个?学期 个?学年", "6个月内办结"),
    UnitRow("period", "年(?![级度代轮版])", "3年内完成"),
    UnitRow("period", "天 日(?![常均前益]) 日(?=前) 周(?![边围岁年末期]) 个?星期", "10日内答复"),
    UnitRow("period", "个?小时 分钟 秒钟? 个?课时 个?学时", "2小时内报告"),
    UnitRow("measure", "平方公里 平方千米 平方米 平方厘米 立方米 立方厘米", "新增绿地20平方公里以上"),
    UnitRow("measure", "公里 千米 海里 厘米 毫米 微米 米", "宽度不少于4米"),
    UnitRow("measure", "公顷 亩", "新增林地300亩以上"),
    UnitRow("measure", "吨标准?煤 吨二氧化碳当量 蒸吨 吨 千克 公斤 毫克 微克 克 斤", "浓度不高于35微克/立方米"),
    UnitRow("measure", "毫升 升", "容量不小于50升"),
    UnitRow("measure", "千瓦时 千瓦 兆瓦 瓦 千伏安 千伏 伏", "装机达到3万千瓦"),
    UnitRow("measure", "分贝 摄氏度 ℃ 度(?![假过量]) 兆赫 赫兹 勒克斯 千帕 帕", "噪声不高于55分贝"),
    UnitRow("measure", "㎡ m² m³ m3 m2 km2 km cm mm kg mg t kWh kW MW dB L m", "用水量不超过180m3"),
    UnitRow("measure", "标准?箱 TEU 标煤", "吞吐量达到120万标箱"),
    UnitRow("count", "人次 辆次 班次 车次 人 名 位 户 家", "培训500人次以上"),
    UnitRow("count", "所 个 处 座 条 项 套 件 次", "建成学校12所"),
    UnitRow("count", "台 辆 艘 架 张 片 场 间 幢 栋", "新增公交车80辆"),
    UnitRow("count", "宗 笔 株 棵 头 只 羽 尾 册 本 部 篇 份 例 起", "种植乔木2000株"),
    UnitRow("count", "门 种 类 批 轮 期 班 床 层 遍 回 枚 口 块 面 支 组 字 页 学分", "组建队伍20支"),
    UnitRow("count", "大(?=重点|工程|行动|片区|区域|领域|任务|产业)", "形成6大重点区域"),
    UnitRow("count", "A级?(?=以上)", "获得3A以上等级的企业"),
    UnitRow("count", "分(?![别之钟类期工析级配])", "得分不低于80分"),
)
CLASSIFIERS = ("大",)
"""Words that count like a unit but are none: 9大重点区域 counts areas."""
PER_UNITS = (
    *(
        "m³",
        "m3",
        "m²",
        "m2",
        "㎡",
        "kWh",
        "kg",
        "km",
        "L",
        "t",
        "m",
        "万平方公里",
        "百平方公里",
        "页",
        "辆次",
        "班次",
        "蒸吨",
        "株",
        "时",
    ),
    *(
        "平方米",
        "立方米",
        "平方公里",
        "公里",
        "千米",
        "米",
        "公顷",
        "亩",
        "吨",
        "千克",
        "公斤",
        "克",
        "升",
        "千瓦时",
        "千瓦",
    ),
    *(
        "人次",
        "万人",
        "千人",
        "百人",
        "百户",
        "人",
        "户",
        "家",
        "套",
        "件",
        "辆",
        "台",
        "张",
        "床",
        "个",
        "座",
        "次",
        "只",
    ),
    *(
        "头",
        "株",
        "本",
        "份",
        "间",
        "车",
        "生",
        "度",
        "工作日",
        "小时",
        "月",
        "季度?",
        "年",
        "周",
        "天",
        "日",
        "学期",
        "学年",
    ),
    *("秒", "分钟?"),
)
"""Units that a figure may be for each of: 元/吨, 毫克/升, 元/人·月."""
SIZES_BEFORE = (
    *(
        "秒",
        "小时",
        "分钟",
        "平方米",
        "立方米",
        "平方公里",
        "公里",
        "吨",
        "公斤",
        "千克",
        "升",
        "亩",
        "千瓦时",
        "万人",
        "千人",
    ),
    *("百户", "户", "人次", "辆", "台", "件", "套", "家", "村", "床", "个", "车次", "株", "人", "蒸吨"),
)
"""Units of which 每… before a figure says that the figure is for each (每平方米五百元)."""


LATIN_UNITS = r"(?:m[²³23]|km2?|cm|mm|kg|mg|kWh|kW|MW|dB|[mtLg])(?![A-Za-z])"
"""Units in Latin letters. Other letters behind a number make a name of it (3D, 5G)."""


def alternatives(words: Iterable[str]) -> str:
    """Return the alternation of these words, for use inside a group."""
    return "|".join(words)


def units_of(unit_class: UnitClass) -> str:
    """Return the alternation of the units of a class."""
    return alternatives(word for row in UNITS if row.unit_class == unit_class for word in row.words.split())

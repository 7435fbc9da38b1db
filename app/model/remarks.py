"""Remarks on damage and doubt in Chinese: the notes of rows and the subjects of checks, which are stored in English."""

from __future__ import annotations

import re
from typing import NamedTuple


class Remark(NamedTuple):
    """An English remark as a pattern, its Chinese form with the groups of the pattern, and an example."""

    english: str
    chinese: str
    example: str


_FIELDS = {
    "value": "当月",
    "value_yoy": "当月同比",
    "cumulative": "累计",
    "cumulative_yoy": "累计同比",
    "number": "序号",
    "district": "所在区",
    "street": "所在街道",
    "village": "行政村",
    "plan": "改造计划",
    "years": "改造年份",
    "name": "名称",
    "category": "类别",
    "unit": "单位",
    "task": "任务",
    "unit_type": "类型",
    "goal": "攻坚目标",
    "problems": "主要问题",
    "responsible": "责任单位",
    "baseline class": "水质现状",
    "target class": "水质目标",
    "level of control": "控制级别",
    "demolition": "拆迁",
    "upgrade": "整治提升",
    "hold": "稳定保持",
    "reach": "达到",
    "eliminate V": "消除Ⅴ类",
    "all districts": "各区合计",
    "adopted": "通过",
    "approved": "批准",
    "delivered": "报告",
    "promulgated": "公布",
}
_W = r"([\w ]+?)"

REMARKS: tuple[Remark, ...] = (
    # tables of figures
    Remark(rf"the table has no column for {_W}", r"表中没有“\1”一栏", "the table has no column for value_yoy"),
    Remark(
        rf"{_W} is printed as (.+), which is no number",
        r"“\1”印作“\2”，不是数字",
        "value is printed as 甲, which is no number",
    ),
    Remark(
        "a balance: the accumulated figure is the stock at the end of the month, not a sum",
        "余额：累计一栏是月末存量，不是各月之和",
        "a balance: the accumulated figure is the stock at the end of the month, not a sum",
    ),
    Remark(
        "an index, same period of the previous year = 100",
        "指数，以上年同期为100",
        "an index, same period of the previous year = 100",
    ),
    Remark("an index stands under a head of growth", "指数印在增速一栏", "an index stands under a head of growth"),
    Remark("not read", "未读取", "not read"),
    Remark("the table prints %", "表中单位印作%", "the table prints %"),
    Remark(
        "the table prints this indicator more than once",
        "表中此指标印有多次",
        "the table prints this indicator more than once",
    ),
    Remark("an indicator not seen before", "以前未见的指标", "an indicator not seen before"),
    Remark("its id is made from its name", "标识由名称生成", "its id is made from its name"),
    Remark("no unit printed", "未印单位", "no unit printed"),
    Remark("the title names several months", "表题为多个月", "the title names several months"),
    Remark("the period is the last of them", "所属期取其末月", "the period is the last of them"),
    Remark("the title names a quarter or a year", "表题为季度或年度", "the title names a quarter or a year"),
    Remark("the period is its last month", "所属期取其末月", "the period is its last month"),
    Remark(r"(.+) is not in the official list", r"\1不在官方名录中", "甲市 is not in the official list"),
    Remark("taken as the whole city", "按全市计", "taken as the whole city"),
    # places and tables of documents
    Remark(
        r"(district|street|area) printed as (.+), officially (.+)",
        r"印作“\2”，官方名称为“\3”",
        "street printed as 甲街道, officially 乙街道",
    ),
    Remark(
        r"district (.+) is not in the official list", r"\1不在官方名录中", "district 甲区 is not in the official list"
    ),
    Remark(
        r"street (.+) is not proved by the official list",
        r"\1未得官方名录证实",
        "street 甲街道 is not proved by the official list",
    ),
    Remark(r"(.+) is officially (.+)", r"\1的官方名称为\2", "甲街道 is officially 乙街道"),
    Remark(r"the area of (.+) is not proved", r"\1所属地区未能证实", "the area of 甲镇 is not proved"),
    Remark(
        "district cell empty, taken from the subtotal below",
        "所在区一格为空，取自下方小计",
        "district cell empty, taken from the subtotal below",
    ),
    Remark("not found in the list of villages", "清单中没有此村", "not found in the list of villages"),
    Remark("no running number", "没有序号", "no running number"),
    Remark(rf"{_W} not understood", r"“\1”未能识别", "plan not understood"),
    Remark(rf"no {_W} printed", r"未印“\1”", "no baseline class printed"),
    Remark("the table's title names no year", "表题未写年份", "the table's title names no year"),
    Remark("areas not proved", "涉及地区未能证实", "areas not proved"),
    Remark(
        "areas stand in the column of the river system",
        "涉及地区印在水系一栏",
        "areas stand in the column of the river system",
    ),
    Remark(
        "control areas stand in the column of the areas",
        "重点控制范围印在涉及地区一栏",
        "control areas stand in the column of the areas",
    ),
    Remark("no areas printed(?: in the table)?", "表中未印涉及地区", "no areas printed in the table"),
    Remark(
        "areas are those that the plan's goals name it with",
        "涉及地区取自方案目标中的表述",
        "areas are those that the plan's goals name it with",
    ),
    Remark(
        "areas are those printed before the control areas",
        "涉及地区取自重点控制范围前所印",
        "areas are those printed before the control areas",
    ),
    Remark("areas are those it is named with there", "涉及地区取自该处表述", "areas are those it is named with there"),
    Remark("target class is the one promised there", "水质目标取自该处承诺", "target class is the one promised there"),
    Remark("the areas cell holds something else", "涉及地区一格印的是别的内容", "the areas cell holds something else"),
    Remark(
        "named in the plan's goals but missing from the table",
        "方案目标中写有此断面，表中没有",
        "named in the plan's goals but missing from the table",
    ),
    Remark("named in the plan's goals", "方案目标中写有此断面", "named in the plan's goals"),
    Remark("the plan has no table of sections", "方案没有断面表", "the plan has no table of sections"),
    Remark("the river cell holds no water", "河流一格印的不是河流", "the river cell holds no water"),
    Remark("the river-system cell holds areas", "水系一格印的是地区", "the river-system cell holds areas"),
    Remark("river system not proved", "所属水系未能证实", "river system not proved"),
    Remark(
        "the river-system cell seems to be one half of a merged cell",
        "水系一格似为合并单元格的一半",
        "the river-system cell seems to be one half of a merged cell",
    ),
    Remark(
        "the river-system cell runs into the name of an area",
        "水系一格与地区名称连在一起",
        "the river-system cell runs into the name of an area",
    ),
    Remark(
        "the row's cells have slid: river system and river cannot be told apart",
        "本行单元格错位，水系与河流无法分清",
        "the row's cells have slid: river system and river cannot be told apart",
    ),
    Remark(
        "(.+) is a river, printed in the column of the river system",
        r"\1是河流，印在水系一栏",
        "主河道 is a river, printed in the column of the river system",
    ),
    Remark(r"named in several watersheds: (.+)", r"多个片区写有此断面：\1", "named in several watersheds: a.1, a.2"),
    Remark(
        r"section (.+) is not among the known sections",
        r"断面“\1”不在已知断面之中",
        "section 甲 is not among the known sections",
    ),
    # damage
    Remark(r"(.+) is printed twice(?: in a row)?", r"“\1”重复印了两次", "时间表 is printed twice"),
    Remark(r"printed as (.+), probably (.+)", r"印作“\1”，疑为“\2”", "printed as 断面具域, probably 断面县域"),
    Remark(r"printed as (.+)", r"印作“\1”", "printed as 三成"),
    # documents and provisions
    Remark(r"title taken from the contents list", "标题取自目录", "title taken from the contents list"),
    Remark(r"number taken from the contents list", "文号取自目录", "number taken from the contents list"),
    Remark(
        r"the contents list prints the (title|number) as (.+)",
        r"目录印作“\2”",
        "the contents list prints the title as 甲办法",
    ),
    Remark(
        "title as given elsewhere in the same document",
        "标题见于同一公文他处",
        "title as given elsewhere in the same document",
    ),
    Remark("no date of signature found", "未见成文日期", "no date of signature found"),
    Remark(
        r"(adopted|approved|delivered|promulgated) on (\S+) by (.+)",
        r"\2由\3\1",
        "adopted on 2021-05-01 by 市人民代表大会常务委员会",
    ),
    Remark(r"(adopted|approved|delivered|promulgated) on (\S+)", r"\2\1", "adopted on 2021-05-01"),
    Remark("counted back from an event", "自某事项之日往前计算", "counted back from an event"),
    Remark(
        "the year is the one after the document's signature",
        "年份为成文日期的次年",
        "the year is the one after the document's signature",
    ),
    Remark(
        r"within (\d+) years, from a day that the text does not name",
        r"\1年内，起算日原文未写",
        "within 3 years, from a day that the text does not name",
    ),
    Remark(r"Added by hand: (.+)", r"人工补录：\1", "Added by hand: left out"),
    Remark(r"Corrected by hand: (.+)", r"人工更正：\1", "Corrected by hand: misprint"),
    Remark(r"signed by (.+)", r"签署：\1", "signed by 市长"),
    Remark("the printed day of effect is no date", "所印施行日期不是日期", "the printed day of effect is no date"),
    Remark(
        "the term of validity begins on a day that is not printed",
        "有效期起算日未印",
        "the term of validity begins on a day that is not printed",
    ),
    Remark(
        r"effective_on is derived: in force from the day of issue, taken as the day of (.+)",
        r"施行日期为推定：自印发之日起施行，取\1之日",
        "effective_on is derived: in force from the day of issue, taken as the day of signature",
    ),
    Remark(r"number (.+) out of sequence: stands (.+)", r"编号“\1”不连续", "number 3 out of sequence: stands 2"),
    Remark(
        r"(.+): named once for all later items, in (.+)",
        r"\1：在\2中统一列明，适用于其后各项",
        "甲局: named once for all later items, in s2.i1",
    ),
    # commitments and targets
    Remark("no year printed", "未印年份", "no year printed"),
    Remark(r"printed without a year: (.+)", r"未印年份，印作“\1”", "printed without a year: 4月底前"),
    Remark("the years are those of the plan's title", "年份取自方案标题", "the years are those of the plan's title"),
    Remark(
        r"(.+) years? counted from the first year in the plan's title",
        r"\1年自方案标题中的首年起算",
        "5 years counted from the first year in the plan's title",
    ),
    Remark(
        "the year is that of the document's signature",
        "年份取自成文日期",
        "the year is that of the document's signature",
    ),
    Remark("the year is that of the date before it", "年份取自前一日期", "the year is that of the date before it"),
    Remark("the bound itself is excluded", "不含本数", "the bound itself is excluded"),
    Remark(
        r"ratio (\d+):(\d+), given as the first part's share",
        r"比例\1:\2，以前者所占份额计",
        "ratio 4:6, given as the first part's share",
    ),
    Remark(
        r"ratio (\d+):(\d+), given as the share of (.+)",
        r"比例\1:\2，以\3所占份额计",
        "ratio 4:6, given as the share of 迁入地",
    ),
    # diary
    Remark(
        "participants cannot be told from the activity",
        "参加人与活动无法分清",
        "participants cannot be told from the activity",
    ),
    Remark("no date at the beginning of the text", "文首没有日期", "no date at the beginning of the text"),
    Remark(r"from (\S+) to (\S+), printed (.+)", r"\1至\2，印作“\3”", "from 2021-05-08 to 2021-05-09, printed 8—9日"),
    # areas
    Remark(
        "valid_from is the date of the code list, not of foundation",
        "起始日为代码表日期，并非设立日期",
        "valid_from is the date of the code list, not of foundation",
    ),
    Remark("valid_from is the date of the code list", "起始日为代码表日期", "valid_from is the date of the code list"),
    Remark(
        r"the lists of (\S+) and (\S+) have the same entry\.?",
        r"\1和\2的代码表所载相同",
        "the lists of 2020-06-30 and 2021-10-31 have the same entry.",
    ),
    # subjects of checks
    Remark("documents named in the contents list", "目录所列公文", "documents named in the contents list"),
    Remark("briefs announced in the contents list", "目录所列简讯", "briefs announced in the contents list"),
    Remark(
        "documents in the catalogue of issued documents",
        "发文目录所列公文",
        "documents in the catalogue of issued documents",
    ),
    Remark(
        r"sections that the goals name for (\S+) \((.+)\)",
        r"目标写明的断面，\1年（\2）",
        "sections that the goals name for 2021–2023 (hold)",
    ),
    Remark(
        "sections named in the goals and sections of the printed table",
        "目标写明的断面与表中断面",
        "sections named in the goals and sections of the printed table",
    ),
    Remark("key areas, in the plan's text", "方案正文所述重点区域", "key areas, in the plan's text"),
    Remark("members of the body with duties", "成员单位与职责分工", "members of the body with duties"),
    Remark("villages of the plan, in its text", "方案正文所述村数", "villages of the plan, in its text"),
    Remark(
        "villages of the plan, its parts added up", "方案正文各部分村数之和", "villages of the plan, its parts added up"
    ),
    Remark(
        r"villages of the (\d+) plan and villages listed for \d+",
        r"\1年计划的村与清单所列\1年的村",
        "villages of the 2021 plan and villages listed for 2021",
    ),
    Remark(
        rf"villages under {_W} by (\d+), in the plan's text",
        r"方案正文所述至\2年\1村数",
        "villages under demolition by 2023, in the plan's text",
    ),
    Remark(
        rf"villages of (.+) under {_W}, in the plan's text",
        r"方案正文所述\1\2村数",
        "villages of 甲区 under demolition, in the plan's text",
    ),
    Remark(
        rf"villages under {_W}, in the plan's text", r"方案正文所述\1村数", "villages under upgrade, in the plan's text"
    ),
    Remark(r"villages of (.+), (demolition|upgrade)", r"\1\2村数", "villages of 甲区, demolition"),
    Remark(r"villages of (.+)", r"\1村数", "villages of 甲区"),
    Remark(
        r"buildings to be cleared in (\d+), in the plan's text",
        r"方案正文所述\1年清零处数",
        "buildings to be cleared in 2021, in the plan's text",
    ),
    Remark(r"buildings of (.+)", r"\1建筑数", "buildings of 甲区"),
    Remark(
        r"(.+): accumulated to (\S+) and the value of (\S+) against the new total",
        r"\1：\2累计加\3当月，与\3累计相比",
        "蛋: accumulated to 2021-04 and the value of 2021-05 against the new total",
    ),
    Remark(r"number of (\S+) after (\S+)", r"\1接\2的期号", "number of 2021-06 after 2021-05"),
    Remark(r"serial number of (\S+) after (\S+)", r"\1接\2的总期号", "serial number of 2021-06 after 2021-05"),
    # details of checks
    Remark(r"declared (\S+), counted (\S+)", r"公布\1，实计\2", "declared 2, counted 1"),
    Remark(r"only in the first: (.+)", r"仅见于前者：\1", "only in the first: jiangkoudu"),
    Remark(r"only in the second: (.+)", r"仅见于后者：\1", "only in the second: jiangkoudu"),
    Remark(
        "can no longer be counted: not found when the issue was read again",
        "无法再计：重读本期时未见此数",
        "can no longer be counted: not found when the issue was read again",
    ),
    Remark(
        r"difference (\S+), within ±(\S+) of printed precision",
        r"相差\1，在刊印精度±\2之内",
        "difference 0.01, within ±0.015 of printed precision",
    ),
    Remark(
        r"difference (\S+), more than ±(\S+) of printed precision",
        r"相差\1，超出刊印精度±\2",
        "difference 0.1, more than ±0.015 of printed precision",
    ),
)
"""Narrower remarks come before wider ones."""
_PATTERNS = [(re.compile(remark.english), remark.chinese) for remark in REMARKS]
_BETWEEN = "; "


def in_chinese(text: str) -> str:
    """Return a remark in Chinese. What is not in the table stays as it is."""
    return "；".join(_translate(part) for part in text.split(_BETWEEN))


def _translate(part: str) -> str:
    for pattern, chinese in _PATTERNS:
        if match := pattern.fullmatch(part):
            return _fill(chinese, [_FIELDS.get(word, word) for word in match.groups("")])
    return part


def _fill(chinese: str, words: list[str]) -> str:
    return re.sub(r"\\(\d)", lambda place: words[int(place[1]) - 1], chinese)

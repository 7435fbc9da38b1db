"""What kind of text a sentence stands in: one that sets something, one that reports, or one that only counts."""

from __future__ import annotations

import re
from typing import Literal

from app.parser.documents.provision_tree import Provision
from app.parser.text.normalise import fold_width

Context = Literal["setting", "strict", "silent"]
"""In a `setting` text the figures set something unless they describe. In a `strict` one they set something only in
a clause with a word of duty. In a `silent` one they set nothing."""

SILENT_TITLES = (
    *(
        "统计公报",
        "统计快报",
        "统计监测",
        "运行情况",
        "运行分析",
        "经济形势",
        "公报$",
        "价格(?:监测|表|行情|一览表|信息)",
        "统计资料",
    ),
    *("名单$", "大事记", "奖励的决定$", "表彰.{0,30}的(?:决定|通报|通知)$", "任免", "任职", "免职", "科学技术奖"),
)
"""Titles of texts that count or name and set nothing."""
STRICT_TITLES = (
    *(
        "通报$",
        "答复$",
        "复函$",
        "的函$",
        "(?<!工作)报告$",
        "情况的?(?:说明|通报|汇报)",
        "批复$",
        "专家组?意见",
        "建议的",
        "形势",
        "回顾",
    ),
    *("地震趋势", "汇报"),
)
"""Titles of reports and replies."""
SETTING_TITLES = (
    "(?:印发|发布|转发|公布).{2,80}(?:方案|规划|办法|条例|规定|细则|规则|制度|计划|预案|纲要|章程|意见|标准|目录).{0,6}的(?:通知|函|公告)$",
    "同意.{0,60}制度的(?:批复|函)$",
    "(?:方案|规划|办法|条例|规定|细则|规则|制度|计划|章程)的(?:批复|复函|通报)$",
    "分工",
)
"""Titles that look like a report or a reply and issue rules."""
SILENT_HEADINGS = (
    *(
        "工作回顾",
        "主要成[就绩效]",
        "现状",
        "基本情况",
        "发展基础",
        "发展环境",
        "形势",
        "面临",
        "存在(?:的)?问题",
        "背景",
        "取得的",
    ),
    *("活动情况", "成员名单", "人员名单", "组成人员"),
)
"""Headings of what was and is."""
_SILENT_TITLE = re.compile("|".join(SILENT_TITLES))
_STRICT_TITLE = re.compile("|".join(STRICT_TITLES))
_SETTING_TITLE = re.compile("|".join(SETTING_TITLES))
_SILENT_HEADING = re.compile("|".join(SILENT_HEADINGS))
_SCOPE_HEADING = re.compile(r"(?:范围|对象|规模|改造方式|建设方式|任务量)$")
_WORK_REPORT = re.compile(r"工作报告")
_MAX_OPENING_LENGTH = 60
_BACKWARD_OPENING = re.compile(
    r"回顾|(?:过去|上)[一五]?年|[一二三四五]年来|(?:去年|\d{4}年)?(?:主要)?(?:工作)?(?:完成情况|成绩|成效|进展)"
)
_FORWARD_OPENING = re.compile(
    r"今后|未来|下一步|今年|(?:主要|总体|预期|发展)?目标|工作(?:安排|任务|打算|重点|部署)|重点工作|总体要求"
)
_GROWTH = re.compile(r"(?:比上年|比去年|同比|上年同期|较上年|增长|下降|增加)[^,。;]{0,12}\d")
_DUTY_WORD = re.compile(r"应当|必须|不得|力争|确保|要[^求素点]|目标")
MIN_GROWTHS_OF_TEXT = 15
_MIN_GROWTHS_OF_PARAGRAPH = 4
_GOALS = re.compile(r"^[\d\u4e00-\u9fff“”]{0,24}?(?:目标|指标|目标任务|预期)(?:是|为|如下|:|,)")
_FORWARD_HEADING = re.compile(r"目标|任务|安排|打算|计划|要求|措施|重点|建议")


def states_scope(provision: Provision) -> bool:
    """Tell whether a provision's headings say that it states what a plan covers: its counts are then set by it."""
    node: Provision | None = provision
    while node is not None:
        if _SCOPE_HEADING.search(fold_width(node.heading or "")):
            return True
        node = node.parent
    return False


def is_bulletin(text: str, least: int = MIN_GROWTHS_OF_TEXT) -> bool:
    """Tell whether a text reports figures: it has so many comparisons with before and hardly a word of duty."""
    folded = fold_width(text)
    growths = len(_GROWTH.findall(folded))
    return growths >= least and len(_DUTY_WORD.findall(folded)) * 4 < growths


def context_of_paragraph(paragraph: str, of_provision: Context) -> Context:
    """Return the context of a folded paragraph: a preamble may state goals (具体指标：…), a plan may tell of growth."""
    if _GOALS.search(paragraph):
        return "setting"
    if of_provision == "setting" and is_bulletin(paragraph, _MIN_GROWTHS_OF_PARAGRAPH):
        return "silent"
    return of_provision


class ReportContext:
    """The context of the parts of a work report, which looks back first and says then what shall be done."""

    def __init__(self, title: str) -> None:
        self.is_report = _WORK_REPORT.search(re.sub(r"\s", "", fold_width(title))) is not None
        self._looks_back = True

    def follow(self, opening: str, context: Context) -> Context:
        """Return the context of the next heading or paragraph in text order, of which `opening` is the beginning."""
        if not self.is_report:
            return context
        opening = opening[:_MAX_OPENING_LENGTH]
        if _BACKWARD_OPENING.search(opening):
            self._looks_back = True
        elif _FORWARD_OPENING.search(opening):
            self._looks_back = False
        return "silent" if self._looks_back else "setting"


def context_of_title(title: str) -> Context:
    """Return the context that a document's title promises."""
    text = re.sub(r"\s", "", fold_width(title))
    if _SETTING_TITLE.search(text):
        return "setting"
    if _SILENT_TITLE.search(text):
        return "silent"
    return "strict" if _STRICT_TITLE.search(text) else "setting"


def context_of_provision(provision: Provision, of_document: Context, *, is_whole: bool = False) -> Context:
    """Return the context of a provision: that of its document, unless its headings say that it looks back.

    A preamble gives reasons, so it is strict, unless it `is_whole`: the document has nothing else.
    """
    if of_document == "silent":
        return "silent"
    node: Provision | None = provision
    while node is not None:
        heading = fold_width(node.heading or "")
        if _SILENT_HEADING.search(heading) and not _FORWARD_HEADING.search(heading):
            return "silent"
        if node.rank.level == "annex" and heading:
            return context_of_title(heading)
        node = node.parent
    if provision.rank.level == "preamble" and of_document == "setting" and not is_whole:
        return "strict"
    return of_document

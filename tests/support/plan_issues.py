"""Invented issues that each print the same plan."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.datasets import DATASETS
from app.ingest.stored_rows import issue_of
from app.model.rows import from_json
from tests.support import packages
from tests.support.packages import Tables

DAY = date(2024, 3, 31)

WATER = {
    "water-sections": ["liuqiao", "xingdu"],
    "water-targets": ["liuqiao.2024.1", "xingdu.2024.1"],
}

SECOND = {
    "water-sections": ["liuqiao-2", "xingdu-2"],
    "water-targets": ["liuqiao-2.2024.1", "xingdu-2.2024.1"],
}

PLAN = """\
# {name}

{number}

各区政府：

现将计划印发给你们。

临江市人民政府办公室

2024年1月20日

## 临江市碧水行动计划

一、行动目标

2024年，{sections}个断面水质提升到III类。

二、主要任务

6月底前完成12处排口整治。
"""


def issue_text(
    month: int, number: str | None = None, entries: Sequence[str] = (), sections: str = "柳桥、杏渡2", year: int = 2024
) -> str:
    """Return an issue with a plan that names sections, and with diary entries for 31 January."""
    heads = [
        f"# {year}.{month}\n\n总第{80 + month}期\n\n出版日期：{year}年{month + 1}月5日\n\n主办：临江市人民政府\n",
        "# 临江市人民政府公报\n",
    ]
    parts = []
    if number:
        name = "临江市人民政府办公室关于印发临江市碧水行动计划的通知"
        heads.append(f"## 市府办文件\n\n{name}（{number}）……（4）\n")
        parts.append(PLAN.format(name=name, number=number, sections=sections))
    if entries:
        heads.append("## 政府记事\n\n政府记事……（24）\n")
        parts.append("## 1月份市政府记事\n\n31日\n\n" + "\n\n".join(f"△ {each}" for each in entries) + "\n")
    return "\n".join([*heads, *parts])


TEXTS = [
    issue_text(1, "临政办〔2024〕4号", ["市长李江参加冰雪座谈会。", "市长李江参加河湖座谈会。"]),
    issue_text(2, "临政办〔2024〕9号", ["市长李江参加桥梁座谈会。"]),
    issue_text(3, "临政办〔2024〕11号", ["市长李江参加公路座谈会。", "市长李江参加铁路座谈会。"], "杏渡1"),
]


def rows(url: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every row that a gazette issue owns, by dataset and id."""
    found = {}
    for name, dataset in DATASETS.items():
        if name not in ("changes", "checks"):
            for key, text in packages.fetch(url, f"SELECT id, row_json FROM {dataset.table.name}"):
                if issue_of(row := from_json(text)):
                    found[name, key] = row
    return found


def ids(url: str, issue: str, *names: str) -> dict[str, list[str]]:
    """Return the ids that an issue owns in some datasets."""
    owned = [each for each, row in rows(url).items() if issue_of(row) == issue]
    return {name: sorted(key for dataset, key in owned if dataset == name) for name in names}


def issue_package(number: int, **document: str) -> Tables:
    """Return an issue of 1999 with a document, a section and a watershed that lists it."""
    source = {"source.issue_id": f"1999-0{number}", "source.lines": "1;1", "source.sha256": f"0{number}" * 32}
    own = {"id": "baogao", "title": "报告", "document_type": "report", "signed_on": "1999-01-31"} | document
    return {
        "issues": [packages.ISSUE | source | {"id": f"1999-0{number}", "number": str(number)}],
        "documents": [own | source | {"published_on": "1999-02-01", "is_normative": "false"}],
        "water-sections": [
            {"id": "qiao", "name": "桥", "river": "甲河", "document_id": "baogao", "watershed_id": "baogao.1"} | source
        ],
        "watersheds": [
            {"id": "baogao.1", "number": "1", "name": "甲", "document_id": "baogao", "section_ids": "qiao"} | source
        ],
    }

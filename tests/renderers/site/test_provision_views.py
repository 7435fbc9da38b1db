"""The provisions of a document as a page shows them."""

from typing import Any

import pytest

from app.renderers.site.addresses import PageAddresses
from app.renderers.site.language import Language
from app.renderers.site.provision_views import ProvisionRows, ProvisionView, build_provision_views, responsible_bodies

DOCUMENT = {"id": "a-2021-1", "body": None, "page_from": 24, "page_to": 27}
ZH, EN = PageAddresses("", "zh"), PageAddresses("", "en")


def provision(path: str, level: str, pages: tuple[int | None, int | None] = (24, 27), **fields: Any) -> dict[str, Any]:
    empty = {"number": None, "heading": None, "text": None, "abstract_zh": None, "abstract_en": None, "notes": None}
    source = {"page_from": pages[0], "page_to": pages[1], "lines": None}
    key = f"a-2021-1.{path}"
    return {"id": key, "path": path, "level": level, "responsible": [], "source": source, **empty, **fields}


def views(*rows: dict[str, Any], body: str | None = None, to: PageAddresses = ZH, **others: Any) -> list[ProvisionView]:
    given = {"commitments": [], "relations": [], "counts": {}} | others
    return build_provision_views(ProvisionRows({**DOCUMENT, "body": body}, rows, **given), to)


def test_headings_descend_without_gaps() -> None:
    [chapter] = views(
        provision("ch1", "chapter", number="第一章", heading="总则"),
        provision("ch1.art1", "article", number="第一条"),
        provision("ch1.art1.i1", "item", number="（一）", heading="申请"),
        provision("ch1.art1.i1.n1", "subitem", number="1.", heading="初审"),
    )
    assert [(view.label, view.heading_level) for view in chapter.walk()] == [
        ("第一章 总则", 3),
        ("第一条", 0),
        ("（一）申请", 4),
        ("1. 初审", 5),
    ]


def test_a_paragraph_without_heading_is_called_by_its_first_words() -> None:
    [paragraph] = views(provision("s1", "heading", number="一、", text="本通知所称路，是指公路。"), body="…")
    assert paragraph.label == "一、本通知所称路，是指公路。"


def test_text_stands_in_paragraphs_before_and_after_the_list() -> None:
    before, inside, after = "下列情形：", "修路；", "以上情形须申请。"
    rows = [
        provision("art1", "article", number="第一条", text=f"{before}\n{after}"),
        provision("art1.i1", "item", number="（一）", text=inside),
    ]
    rows[0]["source"]["lines"], rows[1]["source"]["lines"] = [1, 4], [2, 2]
    [article] = views(*rows, body=f"{before}\n{inside}\n{after}")
    assert (article.before, [child.before for child in article.children], article.after) == (
        [before],
        [[inside]],
        [after],
    )


@pytest.mark.parametrize(
    ("language", "body", "shown"),
    [("zh", None, "摘要"), ("zh", "正文", ""), ("en", None, "Abstract"), ("en", "正文", "Abstract")],
)
def test_an_abstract_stands_in_for_the_text(language: Language, body: str | None, shown: str) -> None:
    """In English it stands beside the Chinese text, too."""
    row = provision("art1", "article", abstract_zh="摘要", abstract_en="Abstract", text=body)
    [article] = views(row, body=body, to=PageAddresses("", language))
    assert article.abstract == shown


@pytest.mark.parametrize(
    ("pages", "marks"),
    [
        ([(24, 27), (24, 27)], ["24–27页", ""]),
        ([(24, 24), (24, 25), (25, 25), (26, 27)], ["24页", "", "25页", "26页"]),
        ([(24, 27), (25, 25), (24, 27)], ["24–27页", "25页", ""]),
        ([(None, None), (25, 25)], ["", "25页"]),
    ],
)
def test_printed_pages_are_marked_where_they_begin(pages: list[tuple[int, int]], marks: list[str]) -> None:
    found = views(*(provision(f"art{n}", "article", each) for n, each in enumerate(pages)))
    assert [view.page for view in found] == marks


def test_an_unknown_last_page_is_said() -> None:
    rows = ProvisionRows({**DOCUMENT, "page_to": None}, [provision("art1", "article", (24, None))], [], [], {})
    assert [view.page for view in build_provision_views(rows, EN)] == ["from p. 24"]


def test_relations_and_other_rows_stand_at_their_provision() -> None:
    relation = {
        "document_id": "a-2021-1",
        "provision_id": "a-2021-1.art2",
        "relation": "repeals",
        "target_number": "甲政〔2016〕3号",
        "target_title": "旧办法",
        "target_id": "a-2016-3",
    }
    one, two = views(
        provision("art1", "article"),
        provision("art2", "article"),
        relations=[relation, {**relation, "target_id": None}],
        counts={"water-targets": {"a-2021-1.art1": 7}},
    )
    assert one.relations == []
    assert [(line.label, line.title, line.link) for line in two.relations] == [
        ("废止", "旧办法", "/documents/a-2016-3"),
        ("废止", "旧办法", ""),
    ]
    assert [link for _, link in one.others] == ["/water-targets?provision_id=a-2021-1.art1"]
    assert two.others == []


def test_bodies_are_counted_once_for_each_provision() -> None:
    rows = [
        provision("art1", "article", responsible=["甲局", "乙局", "甲局"]),
        provision("art2", "article", responsible=["乙局"]),
    ]
    assert responsible_bodies(rows) == [("乙局", 2), ("甲局", 1)]

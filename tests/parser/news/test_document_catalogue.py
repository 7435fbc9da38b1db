"""The catalogue of documents."""

from __future__ import annotations

from app.parser.news.document_catalogue import extract_catalogue
from tests.support.invented_lines import context, is_accounted, lines

CATALOGUE = """
## 3月份市政府发文目录
- 云政发〔2022〕1号      云州市人民政府关于甲的通知
- 云政办[2022]7号  云州市人民政府办公室关于乙
的通知
无号的一行
"""


def test_catalogue_against_contents() -> None:
    source = lines(CATALOGUE)
    contents: list[dict[str, str | None]] = [
        {"document_number": "云政办〔2022〕7号", "title": "云州市人民政府办公室关于乙的通知"},
        {"document_number": "云政办〔2022〕8号", "title": "云州市人民政府办公室关于丙的通知"},
        {"document_number": None, "title": "3月份市政府记事"},
    ]
    reading = extract_catalogue(source, context(None), contents)
    assert {(doubt.printed, doubt.reason) for doubt in reading.doubts} == {
        ("云政发〔2022〕1号", "in the catalogue but not in the contents list"),
        ("云政办〔2022〕8号", "in the contents list but not in the catalogue"),
    }
    assert reading.declared[0].number == 2
    assert reading.declared[0].rule.endswith("document_number__in=云政发〔2022〕1号,云政办〔2022〕7号")
    assert sorted((item.line, item.reason) for item in reading.unread) == [
        (2, "a document that this issue does not print"),
        (5, "no document number in the catalogue"),
    ]
    assert is_accounted(reading, source)

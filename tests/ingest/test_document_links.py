"""Repeals by other issues, in any order of loading."""

from dataclasses import replace

import pytest

from tests.support.issue_sequence import REPEAL, get, total
from tests.support.issues import ROADS, Document, issue_text
from tests.support.texts import LoadText


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 1])
def test_a_repeal_works_in_any_order_of_loading(empty_url: str, load: LoadText, first: int) -> None:
    texts = [issue_text(11, documents=[ROADS]), issue_text(12, figures=total("1", "2"), documents=[REPEAL])]
    for text in (texts[first], texts[1 - first]):
        load(text)

    def status(day: str) -> str:
        [row] = get(empty_url, f"documents?id=linzhengban-2023-41&on={day}")
        return str(row["status"])

    assert [status(day) for day in ("2023-11-30", "2023-12-01", "2024-01-31", "2024-02-01")] == [
        *("not_yet_in_force", "in_force", "in_force", "repealed"),
    ]
    [relation] = get(empty_url, "relations?relation=repeals")
    assert relation["target_id"] == "linzhengban-2023-41"


def test_a_repeal_removed_from_a_corrected_text_is_undone(empty_url: str, load: LoadText) -> None:
    load(issue_text(11, documents=[ROADS]))
    load(issue_text(12, documents=[REPEAL]))
    load(issue_text(12, documents=[Document(REPEAL.number, REPEAL.title, REPEAL.effective)]), accept_loss=True)
    [row] = get(empty_url, "documents?id=linzhengban-2023-41&on=2025-01-01")
    assert row["status"] == "in_force"


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 1])
def test_a_repeal_by_title_alone(empty_url: str, load: LoadText, first: int) -> None:
    repeal = replace(REPEAL, repeals="《临江市冬季养路办法》")
    texts = [issue_text(11, documents=[ROADS]), issue_text(12, figures=total("1", "2"), documents=[repeal])]
    for text in (texts[first], texts[1 - first]):
        load(text)
    [row] = get(empty_url, "relations?relation=repeals")
    assert (row["target_number"], row["target_id"]) == (None, "linzhengban-2023-41")
    assert [row["status"] for row in get(empty_url, "documents?id=linzhengban-2023-41&on=2024-02-01")] == ["repealed"]
    assert load(texts[1]).log == []
    # A second bearer of the title: which one is repealed is not known any more.
    load(issue_text(10, figures=total("1", "1"), documents=[replace(ROADS, number="临政办〔2023〕39号")]))
    assert [row["target_id"] for row in get(empty_url, "relations?relation=repeals")] == [None]

"""The annexes of a document, and the tables in them."""

from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.pages import Page, text_of


def test_every_dataset_with_rows_of_a_document_has_a_table(client: TestClient) -> None:
    """The declarations say which datasets these are."""
    expected: dict[str, set[str]] = {}
    for dataset in DATASETS.values():
        spec = dataset.fields_by_name.get("document_id")
        if spec and spec.info.references and dataset.name not in ("provisions", "relations", "commitments"):
            groups = client.get(f"/v1/{dataset.name}/facets?by=document_id").json()["data"]["document_id"]
            for group in groups:
                expected.setdefault(group["value"], set()).add(f"/{dataset.name}?document_id={group['value']}")
    assert sum(map(len, expected.values())) >= 6
    for document, links in expected.items():
        page = Page(client, f"/documents/{document}")
        assert links <= set(page.links())
        assert len(page.elements(".//table[@class='data']")) == len(links)


def test_a_table_stands_in_the_annex_that_bears_its_title(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-29")
    first, second, third, fourth = (page.elements(f".//*[@id='annex{n}']")[0] for n in range(1, 5))
    assert "老涂" in text_of(first)
    assert "全部 102 条" in text_of(first)
    assert "未收录" in text_of(second)
    assert not list(second.iter("table"))
    assert "完成签约" in text_of(third)
    assert "垟田小学" in text_of(fourth)
    assert not page.elements(".//section[@aria-labelledby='tables']")


def test_running_text_of_an_annex_stands_in_it(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-32?lang=en")
    [annex] = page.elements(".//*[@id='annex1']")
    assert text_of(annex).startswith("Annex 温州市政府职能向社会组织转移工作领导小组")
    assert "Not held" not in text_of(annex)


def test_references_in_tables_are_names(client: TestClient) -> None:
    page = Page(client, "/documents/wenzhengban-2021-28")
    names = {text_of(a) for table in page.elements(".//table[@class='data']") for a in table.iter("a")}
    assert "东干河流域" in names
    assert "puqi" not in names

"""Citations of every dataset's rows, read back by the libraries that citation managers use."""

import jsonschema
import pytest
import rispy
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.bibtex import entry_of

TYPES = ["regulation", "periodical", "article-magazine", "dataset"]
"""Of the Citation Style Language 1.0.2, those that are used here."""

TEXTS = ("title", "genre", "authority", "container-title", "publisher", "note", "language", "URL")

NUMBERS = ("number", "issue", "volume", "page")

NAME = {"type": "object", "properties": {"literal": {"type": "string"}}, "additionalProperties": False}

PARTS = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}

DATE = {"date-parts": {"type": "array", "items": PARTS, "minItems": 1, "maxItems": 2}}

ITEM = {
    "id": {"type": "string"},
    "type": {"enum": TYPES},
    "author": {"type": "array", "items": NAME},
    "issued": {"type": "object", "properties": DATE, "additionalProperties": False},
    **{name: {"type": "string", "minLength": 1} for name in TEXTS},
    **{name: {"type": ["string", "number"]} for name in NUMBERS},
}

CSL = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "required": ["id", "type"], "properties": ITEM, "additionalProperties": False},
}
"""The part of the CSL data schema (csl-data.json) that these citations use: same names, same types."""


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DATASETS))
def test_a_row_of_each_dataset_is_cited(client: TestClient, name: str) -> None:
    for row in client.get(f"/v1/{name}?limit=3").json()["data"]:
        address = f"/v1/{name}/{row['id']}"
        bib, ris, csl = (client.get(address + suffix) for suffix in (".bib", ".ris", ".csl.json"))
        entry = entry_of(bib.text)
        assert entry.key == f"{name}:{row['id']}"
        assert entry.fields["url"] == f"http://127.0.0.1:8000{address}"
        assert "urldate" not in entry.fields
        [record] = rispy.loads(ris.content.decode())
        assert not record.get("unknown_tag")
        assert record["urls"] == [f"http://127.0.0.1:8000{address}"]
        jsonschema.validate(csl.json(), CSL)
        [item] = csl.json()
        assert record["title"] == item["title"]
        assert entry.fields["title"].count("{") == entry.fields["title"].count("}") >= 1
        assert bib.headers["content-type"] == "application/x-bibtex; charset=utf-8"
        assert ris.headers["content-type"] == "application/x-research-info-systems; charset=utf-8"
        assert csl.headers["content-type"] == "application/vnd.citationstyles.csl+json"


def test_a_document_is_cited_by_its_number_issue_and_pages(client: TestClient) -> None:
    address = "/v1/documents/wenzhengban-2021-30"
    entry = entry_of(client.get(f"{address}.bib").text)
    assert (entry.type, entry.fields["number"], entry.fields["type"]) == ("techreport", "温政办〔2021〕30号", "通知")
    assert (entry.fields["pages"], entry.fields["year"], entry.fields["month"]) == ("24--27", "2021", "4")
    assert entry.fields["note"] == "温州市人民政府公报 2021年第5期（总第225期）"
    [record] = rispy.loads(client.get(f"{address}.ris").content.decode())
    assert (record["type_of_reference"], record["start_page"], record["end_page"]) == ("GOVDOC", "24", "27")
    assert (record["authors"], record["date"]) == (["温州市人民政府办公室"], "2021/04/30")
    [item] = client.get(f"{address}.csl.json").json()
    assert item["issued"] == {"date-parts": [[2021, 4, 30]]}
    assert (item["type"], item["container-title"], item["issue"]) == ("regulation", "温州市人民政府公报", "5")


def test_a_figure_is_cited_with_table_and_row(client: TestClient) -> None:
    [item] = client.get("/v1/observations/retail_sales.330300.2021-05.2021-05.csl.json").json()
    row = client.get("/v1/observations/retail_sales.330300.2021-05.2021-05").json()
    assert item["type"] == "dataset"
    assert item["title"].startswith("温州市限额以上消费品零售总额 2021年5月：当月 ")
    assert f"表：{row['source']['table']}，第{row['source']['row']}行" in item["note"]
    article = entry_of(client.get("/v1/provisions/wenzhengban-2021-30.ch2.art6.bib").text)
    assert article.fields["title"].endswith("（温政办〔2021〕30号） 第六条 企业迁移情形}")


def test_checks_and_changes_are_cited_as_work_of_the_service(client: TestClient) -> None:
    for address in ("/v1/checks/2021-05.1", "/v1/changes/1"):
        [item] = client.get(f"{address}.csl.json").json()
        assert not {"author", "publisher", "container-title", "page"} & item.keys()
        assert {"title", "issued", "URL"} < item.keys()
    [check] = rispy.loads(client.get("/v1/checks/2021-05.1.ris").content.decode())
    assert not {"authors", "publisher", "secondary_title", "number"} & check.keys()
    assert check["notes"] == ["温州市人民政府公报 2021年第5期（总第225期）"]


def test_by_number_by_accept_and_with_validators(client: TestClient) -> None:
    by_suffix = client.get("/v1/documents/wenzhengban-2021-28.bib")
    by_number = client.get("/v1/documents/温政办〔2021〕28号.bib")
    assert by_number.headers["content-location"] == "/v1/documents/wenzhengban-2021-28.bib"
    for media_type, suffix in (("x-bibtex", "bib"), ("vnd.citationstyles.csl+json", "csl.json")):
        asked = {"Accept": f"application/{media_type}, */*;q=0.1"}
        by_accept = client.get("/v1/documents/wenzhengban-2021-28", headers=asked)
        assert by_accept.content == client.get(f"/v1/documents/wenzhengban-2021-28.{suffix}").content
    assert by_suffix.content == by_number.content
    tag = {"If-None-Match": by_suffix.headers["etag"]}
    assert client.get("/v1/documents/wenzhengban-2021-28.bib", headers=tag).status_code == 304
    assert client.get("/v1/documents/none.ris").status_code == 404
    refused = client.get("/v1/documents/wenzhengban-2021-28.ris?fields=id")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "fields")
    assert client.get("/v1/documents", headers={"Accept": "application/x-bibtex"}).status_code == 406


def test_a_row_links_to_its_citations(client: TestClient) -> None:
    links = client.get("/v1/areas/330300").headers["link"]
    assert links.startswith('</v1/areas/330300>; rel="cite-as", ')
    assert '</v1/areas/330300.bib>; rel="describedby"; type="application/x-bibtex"' in links

"""Media types, negotiated as RFC 9110 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.http.negotiation import best_match, parse_accept

OFFERED = (("json", "application/json"), ("csv", "text/csv"), ("atom", "application/atom+xml"), ("html", "text/html"))


@pytest.mark.parametrize("address", ["/v1", "/v1/search?q=x", *(f"/v1/urban-villages/{word}" for word in
                                     ("schema", "facets?by=plan", "aggregate", "queryables"))])  # fmt: skip
def test_json_only_addresses_refuse_other_media_types(client: TestClient, address: str) -> None:
    for accept in ("application/json", "application/*;q=0.1", "*/*", "text/csv, */*;q=0.1", ""):
        assert client.get(address, headers={"Accept": accept}).status_code == 200, accept
    for accept in ("text/csv", "image/png", "application/json;q=0", "nonsense", "ÿ"):
        refused = client.get(address, headers={"Accept": accept.encode("latin-1")})
        assert refused.status_code == 406, accept
        assert "application/json" in refused.json()["detail"]
        assert "accept" in refused.headers["vary"].lower()


def test_not_acceptable_names_the_formats(client: TestClient) -> None:
    answer = client.get("/v1/urban-villages", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]
    assert client.get("/v1/urban-villages", headers={"Accept": "text/csv;q=0, */*"}).json()["data"]


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("*", "json"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "html"),  # Java's own client
        ("application/*", "json"),
        ("text/*", "csv"),
        ("TEXT/*", "csv"),
        (" text/csv ", "csv"),
        ("text/csv;charset=utf-8;header=present", "csv"),
        ("text/*;q=0.3, text/html;q=0.7, application/json;q=0.5", "html"),
        ("text/*, text/csv;q=0", "html"),
        ("*/*;q=0.1, application/json;q=0", "csv"),
        ("application/*;q=0.9, application/json;q=0.1", "atom"),
        ("text/csv;q=0.5, text/csv;q=0.8, application/json;q=0.6", "csv"),
        ('image/png;note="a, text/html", text/csv', "csv"),
        ("text/csv;q=1.000, application/json;q=0.999", "csv"),
        ("text/csv; Q=0.1, application/json; q=0.2", "json"),
        ("text/csv;q=high, application/json;q=0.1", "json"),
        ("text/csv;q=nan, application/json;q=0.1", "json"),
        ("text/csv;q=-1", ""),
        ("image/*", ""),
        ("text/*;q=0", ""),
        ("csv", ""),
        ("text/csvx", ""),
        ("*/csv", ""),
    ],
)
def test_the_most_specific_range_decides_and_then_the_weight(accept: str, name: str) -> None:
    assert best_match(accept.encode(), OFFERED) == name


@given(header=st.text() | st.text('*/,;=q0.1" tex'))
def test_any_header_is_read(header: str) -> None:
    assert all(0 <= each.quality <= 1 for each in parse_accept(header))
    assert best_match(header.encode(), OFFERED) in ("", "json", "csv", "atom", "html")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/v1/urban-villages", "text/csv"),
        ("/v1/areas/330300", "text/csv"),
        ("/catalog", "text/turtle"),
        ("/sdmx/2.1/data/INDICATORS", "text/csv"),
        ("/", "text/html"),
    ],
)
def test_text_of_any_kind_is_found_where_there_is_some(client: TestClient, path: str, media_type: str) -> None:
    answer = client.get(path, headers={"Accept": "text/*"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    anything = client.get(path, headers={"Accept": "*"})
    assert anything.headers["content-type"] == client.get(path).headers["content-type"]

"""Statistical formats in every catalogue."""

from rdflib import Graph, URIRef
from starlette.testclient import TestClient

from app.renderers.catalog.statistical_services import INTERFACES
from tests.support.graphs import get_json, values

TOP = "http://127.0.0.1:8000/catalog"


def test_statistical_formats_are_in_every_catalogue(client: TestClient, graph: Graph) -> None:
    base, paths = "http://127.0.0.1:8000", ["/v1/observations.jsonstat", "/sdmx/2.1/data/INDICATORS"]
    assert [each.path for each in INTERFACES] == paths
    jsonstat, sdmx = (URIRef(f"{TOP}#observations.{name}") for name in ("jsonstat", "sdmx"))
    assert {jsonstat, sdmx} < set(values(graph, URIRef(f"{TOP}#observations"), "dcat:distribution"))
    for node, path, service in zip((jsonstat, sdmx), paths, ("service", "sdmx"), strict=True):
        assert values(graph, node, "dcat:accessURL") == [URIRef(base + path)]
        assert values(graph, node, "dcat:accessService") == [URIRef(f"{TOP}#{service}")]
        assert client.get(path).status_code == 200
    assert values(graph, URIRef(f"{TOP}#sdmx"), "dcat:servesDataset") == [URIRef(f"{TOP}#observations")]
    assert values(graph, URIRef(f"{TOP}#sdmx"), "dcat:endpointURL") == [URIRef(f"{base}/sdmx/2.1")]
    for entry in get_json(client, "/data.json")["dataset"]:
        urls = [each.get("accessURL") for each in entry["distribution"]]
        assert ([base + path for path in paths] == urls[-2:]) == entry["identifier"].endswith("#observations")
    for entry in get_json(client, "/catalog.zh.json")["信息资源"]:
        found = [path for path in entry["访问地址"].values() if path in paths]
        assert found == (paths if entry["信息资源代码"] == "330300/observations" else [])
        assert (entry["信息资源格式"][-2:] == ["JSON-stat", "SDMX"]) == bool(found)
    downloads = get_json(client, "/v1/observations.jsonld")["distribution"]
    assert [each["contentUrl"] for each in downloads[-2:]] == [base + path for path in paths]

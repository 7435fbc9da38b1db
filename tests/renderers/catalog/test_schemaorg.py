"""The catalogue for search engines."""

import json
import re

import pytest
from rdflib import RDF, Graph, URIRef
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.renderers.catalog.statistical_services import statistical_interfaces
from app.renderers.representations import TABLE_FORMATS
from tests.support.graphs import get_json

URI = re.compile(r"https?://[^\s]+\Z")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
def test_schema_org_has_the_properties_search_engines_read(client: TestClient) -> None:
    catalogue = get_json(client, "/schema.jsonld")
    assert catalogue["@type"] == "DataCatalog"
    for entry in catalogue["dataset"]:
        name = entry["@id"].partition("#")[2]
        alone = get_json(client, f"/v1/{name}.jsonld")
        assert alone.pop("@context") == "https://schema.org/"
        assert alone.pop("includedInDataCatalog")["@id"] == catalogue["@id"]
        assert alone == entry
        assert 50 <= len(entry["description"]) <= 5000
        assert entry["isAccessibleForFree"] is True
        assert "license" not in entry
        assert "None is claimed" in entry["usageInfo"]["text"]
        assert [variable["name"] for variable in entry["variableMeasured"]] == [
            spec.name for spec in DATASETS[name].fields
        ]
        assert len(entry["distribution"]) == len(TABLE_FORMATS) + len(statistical_interfaces(DATASETS[name]))
        assert all(URI.match(download["contentUrl"]) for download in entry["distribution"])
        for wanted in (
            "name",
            "alternateName",
            "creator",
            "keywords",
            "identifier",
            "temporalCoverage",
            "dateModified",
        ):
            assert entry[wanted], wanted
    as_rdf = Graph().parse(
        data=json.dumps({**catalogue, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld"
    )
    assert len(list(as_rdf.subjects(RDF.type, URIRef("https://schema.org/Dataset")))) == len(DATASETS)

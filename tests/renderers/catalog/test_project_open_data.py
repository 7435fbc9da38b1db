"""The catalogue as data.json."""

import re

from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.graphs import get_json

DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")

SPAN = re.compile(r"\d{4}(-\d\d){0,2}/\d{4}(-\d\d){0,2}\Z")

INTERVAL = re.compile(r"R/P1[YM]\Z|irregular\Z")

URI = re.compile(r"https?://[^\s]+\Z")

POD_TEXT = {"title", "description", "identifier", "rights", "spatial"}


def test_data_json_is_valid(client: TestClient) -> None:
    """The rules of Project Open Data's JSON Schema, without the offices of the United States."""
    document = get_json(client, "/data.json")
    assert document["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert document["@type"] == "dcat:Catalog"
    assert len({entry["identifier"] for entry in document["dataset"]}) == len(DATASETS)
    for entry in document["dataset"]:
        assert entry["@type"] == "dcat:Dataset"
        assert all(isinstance(entry[name], str) and entry[name] for name in POD_TEXT)
        assert len(entry["rights"]) <= 255
        assert DAY.match(entry["modified"])
        assert SPAN.match(entry["temporal"])
        assert INTERVAL.match(entry["accrualPeriodicity"])
        assert entry["accessLevel"] == "public"
        assert entry["publisher"]["name"] == "温州市人民政府"
        assert entry["contactPoint"]["hasEmail"] == "mailto:wzsgb@wenzhou.cn"
        assert all(URI.match(entry[name]) for name in ("conformsTo", "describedBy", "landingPage"))
        assert "license" not in entry, "none is claimed"
        assert not {"bureauCode", "programCode"} & entry.keys()
        for distribution in entry["distribution"]:
            assert URI.match(distribution.get("downloadURL") or distribution["accessURL"])
            assert ("mediaType" in distribution) == ("downloadURL" in distribution)

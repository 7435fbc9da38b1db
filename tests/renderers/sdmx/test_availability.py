"""SDMX availability."""

from typing import Any

from starlette.testclient import TestClient

from tests.support.sdmx import JSON, SDMX, ask


def region(client: TestClient, address: str) -> dict[str, Any]:
    """Return the values of each component of an availability response."""
    [constraint] = ask(client, f"{SDMX}/availableconstraint/{address}", JSON).json()["data"]["dataConstraints"]
    [cube] = constraint["cubeRegions"]
    found = {each["id"]: [value["value"] for value in each.get("values", [])] for each in cube["keyValues"]}
    [time] = [each["timeRange"] for each in cube["keyValues"] if "timeRange" in each] or [None]
    if time:
        found["TIME_PERIOD"] = [time["startPeriod"]["period"], time["endPeriod"]["period"]]
    counts = {each["id"]: each["title"] for each in constraint["annotations"]}
    return found | counts


def test_availability(eggs: TestClient) -> None:
    assert region(eggs, "INDICATORS") == {
        "FREQ": ["M"], "REF_AREA": ["330300", "zone-kaifaqu"], "INDICATOR": ["egg_price", "eggs"],
        "TRANSFORMATION": ["value", "value_yoy", "cumulative", "cumulative_yoy"],
        "TIME_PERIOD": ["1999-01", "1999-02"], "series_count": "12", "obs_count": "16",
    }  # fmt: skip
    assert region(eggs, "INDICATORS/...value?endPeriod=1999-01") == {
        "FREQ": ["M"], "REF_AREA": ["330300"], "INDICATOR": ["egg_price", "eggs"], "TRANSFORMATION": ["value"],
        "TIME_PERIOD": ["1999-01", "1999-01"], "series_count": "2", "obs_count": "2",
    }  # fmt: skip
    assert region(eggs, "INDICATORS/all/all/REF_AREA?asOf=1999-02-10") == {
        "REF_AREA": ["330300"], "series_count": "8", "obs_count": "8",
    }  # fmt: skip

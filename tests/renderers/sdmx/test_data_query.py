"""SDMX data queries: keys, periods, vintages and limits."""

import pytest
from starlette.testclient import TestClient

from tests.support.sdmx import DATA, SDMX, ask, lines, series
from tests.support.service import client_for


def shown(client: TestClient, query: str, key: str = "M.330300.eggs.value") -> list[tuple[str, str, str]]:
    """Return period, value and issue of each observation."""
    found = lines(client, f"{DATA}/{key}{query}")
    return [(line["TIME_PERIOD"], line["OBS_VALUE"], line["ISSUE"]) for line in found]


JANUARY, REVISED, FEBRUARY = ("1999-01", "1.50", "1999-01"), ("1999-01", "1.60", "1999-02"), ("1999-02", "", "1999-02")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [REVISED, FEBRUARY]),
        ("?includeHistory=false", [REVISED, FEBRUARY]),
        ("?includeHistory=true", [JANUARY, REVISED, FEBRUARY]),
        ("?asOf=1999-02-28", [JANUARY]),
        ("?asOf=1999-03-01", [REVISED, FEBRUARY]),
        # Half past midnight of the first of March where the gazette is published.
        ("?asOf=1999-02-28T16:30:00Z", [REVISED, FEBRUARY]),
        ("?asOf=1999-02-28T16:30:00", [JANUARY]),
        ("?includeHistory=true&asOf=1999-02-28", [JANUARY]),
        ("?lastNObservations=1", [FEBRUARY]),
        ("?firstNObservations=1", [REVISED]),
        ("?firstNObservations=1&lastNObservations=1", [REVISED, FEBRUARY]),
        ("?firstNObservations=1&includeHistory=true", [JANUARY, REVISED]),
        ("?lastNObservations=1&endPeriod=1999-01", [REVISED]),
        ("?startPeriod=1999-02", [FEBRUARY]),
        ("?endPeriod=1999-01-31", [REVISED]),
        ("?endPeriod=1999-02-27", [REVISED]),
        ("?startPeriod=1999-01-02", [FEBRUARY]),
        ("?startPeriod=1999-M01&endPeriod=1999-M01", [REVISED]),
        ("?startPeriod=1999&endPeriod=1999-Q1", [REVISED, FEBRUARY]),
        ("?startPeriod=1999-A1&endPeriod=1999-S1", [REVISED, FEBRUARY]),
        ("?startPeriod=1999-W05", [FEBRUARY]),
        ("?startPeriod=1999-02-01T00:00:00", [FEBRUARY]),
        ("?startPeriod=1999-D032", [FEBRUARY]),
    ],
)
def test_time_and_vintages(eggs: TestClient, query: str, found: list[tuple[str, str, str]]) -> None:
    assert shown(eggs, query) == found


def test_keys(eggs: TestClient) -> None:
    everything = series(eggs, "all")
    assert len(everything) == 12
    assert (
        series(eggs, "...")
        == series(eggs, "M...")
        == series(eggs, "all/all")
        == series(eggs, "all/GAZETTE")
        == everything
    )
    assert series(eggs, "M.zone-kaifaqu..") == {each for each in everything if each[0] == "zone-kaifaqu"}
    assert series(eggs, "..eggs+egg_price.value+cumulative") == {e for e in everything if "yoy" not in e[2]}
    flows = ("INDICATORS", "GAZETTE,INDICATORS", "all,INDICATORS,latest", "GAZETTE,INDICATORS,1.0")
    bodies = {ask(eggs, f"{SDMX}/data/{flow}/all").content for flow in flows}
    assert len(bodies) == 1


def test_paths_may_end_in_a_slash(eggs: TestClient) -> None:
    for path in (f"{DATA}/M...", DATA, f"{SDMX}/dataflow/GAZETTE", f"{SDMX}/availableconstraint/GAZETTE%2CINDICATORS"):
        assert ask(eggs, f"{path}/").content == ask(eggs, path).content


def test_an_answer_is_bounded(eggs_url: str) -> None:
    with client_for(eggs_url, max_statistics_rows=3) as few:
        refused = few.get(DATA)
        assert (refused.status_code, 'code="130"' in refused.text) == (413, True)
        assert few.get(f"{DATA}?includeHistory=true").status_code == 413
        assert len(lines(few, f"{DATA}?lastNObservations=1")) == 12
        assert few.get(f"{DATA}/M.330300..").status_code == 200
        assert few.get("/v1/observations.jsonstat").status_code == 400


def test_validators(eggs: TestClient) -> None:
    for address in (DATA, f"{SDMX}/dataflow", f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS"):
        first = ask(eggs, address)
        assert eggs.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        assert eggs.head(address).headers["etag"] == first.headers["etag"]
    other = ask(eggs, DATA, "text/csv").headers["etag"]
    assert other != ask(eggs, DATA).headers["etag"]
    # A date alone does not turn a refusal into a 304.
    since = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert eggs.get(f"{DATA}?startPeriod=2050", headers=since).status_code == 404
    assert eggs.get(DATA, headers=since).status_code == 304

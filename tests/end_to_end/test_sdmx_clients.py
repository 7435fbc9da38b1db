"""The clients that statisticians use: sdmx1 with pandas, and the readers of pysdmx."""

import io
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import requests
import sdmx
from pysdmx.io import read_sdmx
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Codelist, Dataflow, DataStructureDefinition
from starlette.testclient import TestClient

from tests.support.sdmx import CSV_1, CSV_2, DATA, GENERIC, JSON, SDMX, SPECIFIC, ask

DIMENSIONS = ["FREQ", "REF_AREA", "INDICATOR", "TRANSFORMATION", "TIME_PERIOD"]
HOST = "http://gazette.test"


class Through(requests.adapters.BaseAdapter):
    """An adapter that sends the requests of a session to the service in this process."""

    def __init__(self, client: TestClient) -> None:
        super().__init__()
        self.client = client

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        accept = {"Accept": str(request.headers.get("Accept", "*/*"))}
        answer = self.client.get(str(request.url).removeprefix(HOST), headers={**accept, "Accept-Encoding": "identity"})
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status_code, str(request.url), request
        response.headers.update(answer.headers)
        response.raw = io.BytesIO(answer.content)
        return response

    def close(self) -> None:
        """Do nothing; no connection is open."""


@pytest.fixture
def statistician(client: TestClient) -> Iterator[Any]:
    """Return a client of sdmx1 with the service as a custom source."""
    sdmx.add_source({"id": "GAZETTE", "name": "The municipal gazette", "url": f"{HOST}{SDMX}"}, override=True)
    found = sdmx.Client("GAZETTE")
    found.session.mount(HOST, Through(client))
    yield found
    found.session.close()


def test_sdmx1_loads_structures(statistician: Any) -> None:
    assert list(statistician.dataflow().dataflow) == ["INDICATORS"]
    message = statistician.dataflow("INDICATORS")
    structure = message.structure["INDICATORS"]
    assert [each.id for each in structure.dimensions] == DIMENSIONS
    assert [each.id for each in structure.attributes] == [
        "OBS_STATUS",
        "UNIT_MEASURE",
        "UNIT_MULT",
        "DECIMALS",
        "ISSUE",
        "COMPILING_ORG",
    ]
    assert structure.measures[0].id == "OBS_VALUE"
    names = message.codelist["CL_INDICATOR"]["retail_sales"].name.localizations
    assert names["zh"] == "限额以上消费品零售总额"
    assert message.codelist["CL_INDICATOR"]["household_deposits"].parent.id == "rmb_deposits"
    assert "330300" in sdmx.to_pandas(message.codelist["CL_AREA"]).index


@pytest.mark.parametrize("accept", [SPECIFIC, GENERIC])
def test_sdmx1_loads_data_into_pandas(statistician: Any, accept: str) -> None:
    key = {"INDICATOR": "retail_sales+rmb_deposits"}
    message = statistician.data("INDICATORS", key=key, params={"startPeriod": "2021"}, headers={"Accept": accept})
    found = sdmx.to_pandas(message)
    assert len(found) == 8
    assert found["M", "330300", "retail_sales", "value", "2021-05"] == 81.80
    assert found["M", "330300", "retail_sales", "cumulative_yoy", "2021-05"] == 22.5
    assert pd.isna(found["M", "330300", "rmb_deposits", "value", "2021-05"])
    statuses = sdmx.to_pandas(message, attributes="o")["OBS_STATUS"]
    assert [str(getattr(each, "value", each)) for each in statuses].count("O") == 2


def test_sdmx1_reports_missing_data(statistician: Any) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        statistician.data("INDICATORS", params={"startPeriod": "2050"})
    with pytest.raises(NotImplementedError):  # what sdmx1 makes of our 501
        statistician.categoryscheme()
    assert len(statistician.preview_data("INDICATORS")) == 36


@pytest.mark.parametrize("accept", [SPECIFIC, GENERIC, CSV_1, CSV_2])
def test_pysdmx_reads_data_back(client: TestClient, accept: str) -> None:
    message = read_sdmx(ask(client, DATA, accept).text, validate=True)
    [dataset] = message.data or []
    assert isinstance(dataset, PandasDataset)
    frame = dataset.data
    assert dataset.structure == "Dataflow=GAZETTE:INDICATORS(1.0)"
    assert len(frame) == 36
    [row] = frame[(frame.INDICATOR == "industrial_value_added") & (frame.TRANSFORMATION == "value")].to_dict("records")
    assert (str(row["OBS_VALUE"]), row["UNIT_MULT"], row["OBS_STATUS"], row["TIME_PERIOD"]) == (
        "108.30",
        "8",
        "A",
        "2021-05",
    )


@pytest.mark.parametrize("accept", ["*/*", JSON])
def test_pysdmx_reads_structures_back(client: TestClient, accept: str) -> None:
    message = read_sdmx(ask(client, f"{SDMX}/dataflow?references=descendants", accept).text, validate=True)
    [flow] = [each for each in message.structures or [] if isinstance(each, Dataflow)]
    [structure] = [each for each in message.structures or [] if isinstance(each, DataStructureDefinition)]
    assert (flow.id, structure.id) == ("INDICATORS", "INDICATORS")
    assert [each.id for each in structure.components.dimensions] == DIMENSIONS
    levels = {each.id: each.attachment_level for each in structure.components.attributes}
    assert [name for name, level in levels.items() if level != "O"] == ["UNIT_MEASURE", "UNIT_MULT"]
    assert sum(isinstance(each, Codelist) for each in message.structures or []) == 8

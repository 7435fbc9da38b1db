"""Names of downloads."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.api.endpoints.file_names import download_disposition
from tests.support.service import TODAY

DISPOSITION = re.compile(
    r"attachment; filename=\"(?P<plain>[\w.,=~-]+)\"(; filename\*=UTF-8''(?P<full>[\w.%~-]+))?", re.ASCII
)


def names(header: str) -> tuple[str, str]:
    """Return the name for old clients and the name for all others."""
    match = DISPOSITION.fullmatch(header)
    assert match, header
    return match["plain"], unquote(match["full"] or match["plain"])


def name_of(client: TestClient, address: str) -> tuple[str, str]:
    return names(client.get(address).headers["content-disposition"])


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "xlsx", "parquet"])
def test_a_part_has_another_name_than_the_whole(client: TestClient, suffix: str) -> None:
    revision = client.get("/readyz").json()["revision"][:8]
    path = f"/v1/urban-villages.{suffix}"
    stem = f"urban-villages-{revision}"
    assert name_of(client, path) == (f"{stem}.{suffix}",) * 2
    assert name_of(client, f"{path}?count=false") == (f"{stem}.{suffix}",) * 2
    assert name_of(client, f"{path}?plan=upgrade&limit=5") == (f"{stem}_limit=5_plan=upgrade.{suffix}",) * 2
    plain, full = name_of(client, f"{path}?district=龙湾区")
    assert full == f"{stem}_district=龙湾区.{suffix}"
    assert re.fullmatch(rf"{stem}_filtered-[0-9a-f]{{8}}\.{suffix}", plain)
    assert name_of(client, f"{path}?plan=upgrade&district=龙湾区") == name_of(
        client, f"{path}?district=龙湾区&plan=upgrade"
    )


def test_a_name_has_the_day_that_its_rows_depend_on(client: TestClient) -> None:
    assert name_of(client, "/v1/documents.csv")[1].endswith(f"_on={TODAY.isoformat()}.csv")
    assert name_of(client, "/v1/documents.csv?on=2024-06-10")[1].endswith("_on=2024-06-10.csv")
    assert date.today().isoformat() not in name_of(client, "/v1/areas.csv")[1]  # noqa: DTZ011


def test_a_row_is_named_by_its_id(client: TestClient) -> None:
    row = "/v1/documents/wenzhengban-2021-28.csv"
    assert name_of(client, row)[0] == "wenzhengban-2021-28.csv"
    assert name_of(client, f"{row}?fields=id,title")[0] == "wenzhengban-2021-28_fields=id,title.csv"


PAIRS = st.lists(st.tuples(st.sampled_from(["q", "filter", "village", "limit"]), st.text()), min_size=1, max_size=3)


@given(pairs=PAIRS, others=PAIRS)
def test_any_parameters_make_a_safe_name(pairs: list[tuple[str, str]], others: list[tuple[str, str]]) -> None:
    plain, full = names(download_disposition("urban-villages-0a0b0c0d", tuple(pairs), ".csv"))
    for name in (plain, full):
        assert name.startswith("urban-villages-0a0b0c0d_")
        assert name.endswith(".csv")
        assert len(name.encode()) <= 250
        assert not re.search(r'[\x00-\x1f\x7f/\\:*?"<>|]', name)
    if sorted(pairs) != sorted(others):
        assert (plain, full) != names(download_disposition("urban-villages-0a0b0c0d", tuple(others), ".csv"))

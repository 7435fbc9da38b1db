"""What a load writes into the change log."""

from itertools import pairwise
from pathlib import Path

from tests.support import packages
from tests.support.service import client_for


def test_the_first_load_of_an_issue_is_one_change(empty_url: str, tmp_path: Path) -> None:
    outcome = packages.load(empty_url, packages.write(tmp_path, packages.tables()))
    [entry] = outcome.log
    assert (entry["dataset"], entry["row_id"], entry["kind"], entry["cause"]) == (
        "issues",
        "1999-01",
        "added",
        "source",
    )
    assert str(entry["at"]) == "1999-02-02"


def test_a_changed_cell_is_logged_alone(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    content["observations"][0] |= {"value": "1.60", "printed.value": "1.60", "source.lines": "2;2"}
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", content, "1999-03-01"))
    [entry] = outcome.log
    assert entry["cause"] == "re-extraction"
    assert [(cell["field"], str(cell["from"]), str(cell["to"])) for cell in entry["changed"]] == [
        ("value", "1.50", "1.60")
    ]
    content["observations"][0] |= {"value": "1.70", "printed.value": "1.70", "source.sha256": "11" * 32}
    [entry] = packages.load(empty_url, packages.write(tmp_path / "c", content, "1999-04-01")).log
    assert entry["cause"] == "source"
    with client_for(empty_url) as client:
        changes = client.get("/v1/changes?dataset=observations&sort=at").json()["data"]
    assert [change["at"] for change in changes] == ["1999-03-01", "1999-04-01"]
    assert changes[0]["changed"] == [{"field": "value", "from": "1.50", "to": "1.60"}]


def test_the_log_serves_decimals_as_they_are_printed(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    printed = ["108.30", "108", "-0.50", "108.3", ""]
    for n, value in enumerate(printed):
        status = "normal" if value else "missing"
        content["observations"][0] |= {"value": value, "value_status": status, "source.sha256": f"{n}{n}" * 32}
        packages.load(empty_url, packages.write(tmp_path / str(n), content, f"1999-03-0{n + 1}"))
    with client_for(empty_url) as client:
        changes = client.get("/v1/changes?dataset=observations&sort=at,id").json()["data"]
        rows = client.get("/v1/changes.csv?dataset=observations&sort=at,id").text
    cells = [cell for change in changes for cell in change["changed"] if cell["field"] == "value"]
    assert [(cell["from"], cell["to"]) for cell in cells] == [
        *pairwise(printed[:-1]),
        ("108.3", None),
    ]
    assert '""from"":""108.30"",""to"":""108""' in rows

"""A package merged with the rows that are stored."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.ingest.package_reader import PackageError
from app.model.rows import from_json
from tests.support import packages
from tests.support.packages import Tables


def test_an_absent_column_leaves_stored_values_alone(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    for name in ("value", "printed.value"):
        del content["observations"][0][name]
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", content))
    assert outcome.log == []
    [(text,)] = packages.fetch(empty_url, "SELECT row_json FROM observations")
    assert str(from_json(text)["value"]) == "1.50"


def test_a_row_missing_from_the_package_is_removed_and_logged(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    content["observations"] = [content["observations"][0] | {"id": "other"}]
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", content))
    assert [(entry["row_id"], entry["kind"]) for entry in outcome.log] == [
        ("other", "added"),
        ("eggs.330300.1999-01.1999-01", "removed"),
    ]


Change = Callable[[Tables], object]
DISTRICT = {"id": "330302", "name_zh": "鹿城区", "level": "district", "parent_id": "330300"}
REFUSED: dict[str, tuple[Change, str]] = {
    "another issue": (
        lambda t: t["observations"][0].update({"source.issue_id": "1998-12"}),
        "observations.csv, row 2, column source.issue_id: is '1998-12', which is not an issue of the package",
    ),
    "no issue": (
        lambda t: t.pop("issues"),
        "observations.csv, row 2, column source.issue_id: is '1999-01', which is not an issue of the package",
    ),
    "an issue of another": (
        lambda t: t["issues"][0].update({"source.issue_id": "1998-12"}),
        "issues.csv, row 2, column source.issue_id: is '1998-12', which is not this issue",
    ),
    "no document": (
        lambda t: t["observations"][0].update({"source.document_id": "none"}),
        "observations.csv, row 2, column source.document_id: refers to 'none', which documents does not contain",
    ),
    "another day": (
        lambda t: t["observations"][0].update(published_on="1999-02-02"),
        "observations.csv, row 2, column published_on: "
        "is 1999-02-02, but the issue 1999-01 was published on 1999-02-01",
    ),
    "itself": (
        lambda t: t["areas"][0].update(parent_id="330300"),
        "areas.csv, row 2, column parent_id: leads back to the row itself",
    ),
    "circle": (
        lambda t: t.update(areas=[t["areas"][0] | {"parent_id": "330302"}, DISTRICT]),
        "areas.csv, row 3, column parent_id: leads back to the row itself",
    ),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_rows_that_contradict_their_issue_or_lead_nowhere_are_refused(
    empty_url: str, tmp_path: Path, name: str
) -> None:
    packages.load(empty_url, packages.write(tmp_path / "first", packages.tables()))
    before = packages.dump(empty_url)
    change, said = REFUSED[name]
    content = packages.tables()
    change(content)
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, packages.write(tmp_path / "again", content))
    assert str(caught.value.faults[0]) == said
    assert packages.dump(empty_url) == before


def test_a_circle_with_stored_rows_is_refused(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content | {"areas": [content["areas"][0], DISTRICT]}))
    content["areas"][0]["parent_id"] = "330302"
    with pytest.raises(PackageError, match="leads back to the row itself"):
        packages.load(empty_url, packages.write(tmp_path / "b", content))


def test_a_shared_row_may_be_of_an_earlier_issue(empty_url: str, tmp_path: Path) -> None:
    """The indicators of a package say which issue printed them first."""
    packages.load(empty_url, packages.write(tmp_path / "a", packages.tables()))
    issue = packages.ISSUE | {"id": "1999-02", "number": "2", "published_on": "1999-03-01"}
    later = {"issues": [issue | {"source.issue_id": "1999-02"}], "indicators": [packages.INDICATOR]}
    assert packages.load(empty_url, packages.write(tmp_path / "b", later)).added == {"issues": 1}

"""A package merged with the rows that are stored."""

from pathlib import Path

from app.model.rows import from_json
from tests.support import packages


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

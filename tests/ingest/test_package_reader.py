"""Packages with errors are refused as a whole."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.ingest.package_reader import PackageError
from tests.support import packages
from tests.support.packages import Tables

Break = Callable[[Tables], object]

BROKEN: dict[str, tuple[Break, str, int | None, str | None]] = {
    "type": (lambda t: t["observations"][0].update(value="abc"), "observations.csv", 2, "value"),
    "places": (lambda t: t["observations"][0].update(value="1.1234567"), "observations.csv", 2, "value"),
    "date": (lambda t: t["issues"][0].update(published_on="1999-02-30"), "issues.csv", 2, "published_on"),
    "month": (lambda t: t["observations"][0].update(period="1999-13"), "observations.csv", 2, "period"),
    "enumeration": (lambda t: t["observations"][0].update(value_status="odd"), "observations.csv", 2, "value_status"),
    "duplicate": (lambda t: t["areas"].append(t["areas"][0]), "areas.csv", 3, "id"),
    "dangling": (lambda t: t["observations"][0].update(area_id="1"), "observations.csv", 2, "area_id"),
    "missing": (lambda t: t["issues"][0].update(title=""), "issues.csv", 2, "title"),
    "unknown column": (lambda t: t["issues"][0].update(titel="x"), "issues.csv", 1, "titel"),
    "NUL": (lambda t: t["issues"][0].update(title="a\x00"), "issues.csv", None, None),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BROKEN))
def test_a_package_with_an_error_is_refused_as_a_whole(empty_url: str, tmp_path: Path, name: str) -> None:
    packages.load(empty_url, packages.write(tmp_path / "good", packages.tables()))
    before = packages.dump(empty_url)
    damage, file, row, column = BROKEN[name]
    content = packages.tables()
    content["observations"][0]["value"] = "9.9"
    damage(content)
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, packages.write(tmp_path / "bad", content))
    assert (file, row, column) in [(f.file, row and f.row, column and f.column) for f in caught.value.faults]
    assert packages.dump(empty_url) == before


def test_every_fault_is_listed(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    content["observations"][0] |= {"value": "x", "period": "y"}
    content["issues"][0]["year"] = "z"
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, packages.write(tmp_path, content))
    assert {(fault.file, fault.column) for fault in caught.value.faults} == {
        ("observations.csv", "value"),
        ("observations.csv", "period"),
        ("issues.csv", "year"),
    }


@pytest.mark.parametrize("damage", ["latin", "quote", "json", "no file", "outside", "cells"])
def test_a_damaged_file_is_refused(empty_url: str, tmp_path: Path, damage: str) -> None:
    directory = packages.write(tmp_path, packages.tables())
    file, descriptor = directory / "issues.csv", directory / "datapackage.json"
    match damage:
        case "latin":
            file.write_bytes(file.read_bytes() + b"\xff\xfe")
        case "quote":
            file.write_bytes(file.read_bytes() + b'"open')
        case "json":
            descriptor.write_text("{")
        case "no file":
            file.unlink()
        case "outside":
            descriptor.write_text(descriptor.read_text().replace("issues.csv", "../issues.csv"))
        case "cells":
            file.write_bytes(file.read_bytes() + b"1999-02,1\n")
    with pytest.raises(PackageError):
        packages.load(empty_url, directory)
    assert packages.dump(empty_url) == [[]] * 7


def test_a_file_missing_from_the_descriptor_is_loaded(empty_url: str, tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    descriptor = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] not in ("indicators", "observations")]
    descriptor["resources"].append({"name": "indicators", "path": "indicators.csv"})
    (directory / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert packages.load(empty_url, directory).added["observations"] == 1

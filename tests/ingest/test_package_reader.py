"""Packages with errors are refused as a whole."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.ingest import package_reader
from app.ingest.package_reader import PackageError, read_package
from tests.support import packages
from tests.support.packages import Tables
from tests.support.texts import parse

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


PRINTED = "printed.value"
ODD_VALUES: dict[str, tuple[Break, str, int | None, str | None]] = {
    "reserved id": (lambda t: t["observations"][0].update(id="schema"), "observations.csv", 2, "id"),
    "suffix": (lambda t: t["observations"][0].update(id="x.csv"), "observations.csv", 2, "id"),
    "line break": (lambda t: t["areas"].append({**t["areas"][0], "id": "a\r\nb"}), "areas.csv", 3, "id"),
    "long id": (lambda t: t["areas"].append({**t["areas"][0], "id": "a" * 201}), "areas.csv", 3, "id"),
    "source id": (lambda t: t["issues"][0].update({"source.issue_id": "a/b"}), "issues.csv", 2, "source.issue_id"),
    "control character": (lambda t: t["indicators"][0].update(name_zh="鸡\x02蛋"), "indicators.csv", 2, "name_zh"),
    "bidirectional": (lambda t: t["indicators"][0].update(unit="元\u202e"), "indicators.csv", 2, "unit"),
    "printed": (
        lambda t: t["indicators"][0].update({"printed.name_zh": "\x1b"}),
        "indicators.csv",
        2,
        "printed.name_zh",
    ),
    "table": (lambda t: t["issues"][0].update({"source.table": "\x02"}), "issues.csv", 2, "source.table"),
    "long text": (lambda t: t["indicators"][0].update(name_zh="鸡" * 10_001), "indicators.csv", 2, "name_zh"),
    "wide digits": (lambda t: t["observations"][0].update(value="１.５"), "observations.csv", 2, "value"),
    "one line": (lambda t: t["issues"][0].update({"source.lines": "1"}), "issues.csv", 2, "source.lines"),
    "digest": (lambda t: t["issues"][0].update({"source.sha256": "00"}), "issues.csv", 2, "source.sha256"),
    "page": (lambda t: t["issues"][0].update({"source.page_from": "0"}), "issues.csv", 2, "source.page_from"),
    "columns": (lambda t: t["issues"][0].update({f"c{n}": "" for n in range(300)}), "issues.csv", 1, None),
}


@pytest.mark.parametrize("name", list(ODD_VALUES))
def test_what_no_format_could_hold_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    damage, file, row, column = ODD_VALUES[name]
    content = packages.tables()
    damage(content)
    with pytest.raises(PackageError) as caught:
        read_package(packages.write(tmp_path, content))
    assert (file, row, column) in [(f.file, f.row, f.column) for f in caught.value.faults]
    assert all(str(fault).isprintable() and len(str(fault)) < 300 for fault in caught.value.faults)


@pytest.mark.parametrize("kind", ["fifo", "directory", "device", "link", "loop", "dangling", "large"])
@pytest.mark.parametrize("name", ["issues.csv", "briefs.csv", "datapackage.json"])
def test_what_is_no_file_of_the_package_is_refused_at_once(
    tmp_path: Path, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = packages.write(tmp_path / "package", packages.tables())
    path, outside = directory / name, tmp_path / "outside.csv"
    outside.write_text("secret\n")
    path.unlink(missing_ok=True)
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "directory":
            path.mkdir()
        case "device":
            path.symlink_to("/dev/zero")
        case "link":
            path.symlink_to(outside)
        case "loop":
            path.symlink_to(path)
        case "dangling":
            path.symlink_to("nothing.csv")
        case "large":
            monkeypatch.setattr(package_reader, "MAX_FILE_BYTES", 2**20)
            monkeypatch.setattr(package_reader, "MAX_DESCRIPTOR_BYTES", 2**20)
            path.write_bytes(b" " * (2**20 + 1))
    with pytest.raises(PackageError) as caught:
        read_package(directory)
    [fault, *_] = caught.value.faults
    assert fault.file == name
    assert "secret" not in str(fault)


def test_a_link_inside_the_package_is_followed(tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    (directory / "issues.csv").rename(directory / "kept.csv")
    (directory / "issues.csv").symlink_to("kept.csv")
    assert read_package(directory).issue_ids == ["1999-01"]


DESCRIPTORS: dict[str, dict[str, object]] = {
    "digest": {"sources": [{"hash": "sha256:xyz"}]},
    "number": {"sources": [{"hash": 1}]},
    "created": {"created": "20210101"},
    "wide": {"created": "１９９９-01-01"},
    "surrogate": {"resources": [{"name": "\ud800\u202e", "path": "a.csv"}]},
    "NUL": {"resources": [{"name": "issues", "path": "a\x00.csv"}]},
    "list": {"resources": [{"name": [], "path": []}]},
    "folder": {"resources": [{"name": "issues", "path": ""}]},
}


@pytest.mark.parametrize("name", list(DESCRIPTORS))
def test_a_malformed_descriptor_is_refused(tmp_path: Path, name: str) -> None:
    directory = packages.write(tmp_path, packages.tables())
    descriptor = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    (directory / "datapackage.json").write_text(json.dumps(descriptor | DESCRIPTORS[name]), encoding="utf-8")
    with pytest.raises(PackageError) as caught:
        read_package(directory)
    assert all(str(fault).isprintable() for fault in caught.value.faults)


def test_a_package_has_so_many_rows_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of all its files count."""
    directory = packages.write(tmp_path, packages.tables())
    monkeypatch.setattr(package_reader, "MAX_ROWS", 4)
    assert read_package(directory).issue_ids == ["1999-01"]
    monkeypatch.setattr(package_reader, "MAX_ROWS", 3)
    with pytest.raises(PackageError) as caught:
        read_package(directory)
    assert [str(fault) for fault in caught.value.faults] == [
        "observations.csv, row 2: is one more than the 3 rows that a package may have"
    ]


def test_a_descriptor_may_have_the_mark_that_editors_add(tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    path = directory / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_package(directory).issue_ids == ["1999-01"]


def test_a_package_is_as_parsed_until_a_file_changes(issue_file: Path, tmp_path: Path) -> None:
    directory = tmp_path / "package"
    parse(issue_file, directory)
    assert read_package(directory).is_as_parsed
    (directory / "briefs.csv").write_text("id\n", encoding="utf-8")
    assert not read_package(directory).is_as_parsed
    parse(issue_file, directory)
    descriptor = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [each for each in descriptor["resources"] if each["name"] != "observations"]
    (directory / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert not read_package(directory).is_as_parsed
    assert not read_package(packages.write(tmp_path / "by hand", packages.tables())).is_as_parsed

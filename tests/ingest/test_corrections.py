"""Corrections by hand."""

import shutil
from pathlib import Path

import pytest

from app.ingest.package_reader import PackageError
from app.model.rows import from_json
from tests.support import packages
from tests.support.texts import HEADING, ID, TEXT, LoadFile, cells, parse


def test_corrections_are_applied_and_logged_as_errata(empty_url: str, tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    (directory / "corrections.csv").write_text(
        "dataset,id,field,from,to,reason\nobservations,eggs.330300.1999-01.1999-01,value,1.50,1.55,misprint\n",
        encoding="utf-8",
    )
    outcome = packages.load(empty_url, directory)
    assert [(entry["dataset"], entry["cause"]) for entry in outcome.log] == [
        ("issues", "source"),
        ("observations", "erratum"),
    ]
    [(text,)] = packages.fetch(empty_url, "SELECT row_json FROM observations")
    row = from_json(text)
    assert (str(row["value"]), row["printed"]["value"], row["notes"]) == ("1.55", "1.50", "Corrected by hand: misprint")
    assert packages.load(empty_url, directory).log == []
    (directory / "corrections.csv").write_text(
        "dataset,id,field,from,to,reason\nobservations,eggs.330300.1999-01.1999-01,value,1.51,1.55,misprint\n"
    )
    with pytest.raises(PackageError):
        packages.load(empty_url, directory)


@pytest.mark.slow
def test_corrections_survive_a_second_parse_and_are_errata(
    issue_file: Path, tmp_path: Path, load_file: LoadFile
) -> None:
    directory = tmp_path / "package"
    parse(issue_file, directory)
    correction = f"observations,{ID},value,20.10,20.70,misprint\n"
    (directory / "corrections.csv").write_text(HEADING + correction, encoding="utf-8")
    parse(issue_file, directory)
    assert (directory / "corrections.csv").read_text(encoding="utf-8") == HEADING + correction
    outcome = load_file(directory)
    assert cells(outcome) == {("observations", ID, "value", "erratum")}
    assert load_file(directory).log == []
    shutil.copy(directory / "corrections.csv", tmp_path)
    assert load_file(issue_file).log == []
    issue_file.write_text(TEXT.replace("20.10", "20.70"), encoding="utf-8")
    assert cells(load_file(issue_file)) == {
        ("observations", ID, "notes", "source"),
        ("observations", ID, "printed.value", "source"),
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("issues,1999-01,title,公报,\x02,x", "corrections.csv, row 2, column to: contains the character U+0002"),
        ("issues,1999-01,title,公报,报,\u202e", "corrections.csv, row 2, column reason: contains the character U+202E"),
        (f"issues,{'a' * 500},title,公报,报,x", f"corrections.csv, row 2: issues has no row '{'a' * 60}…'."),
    ],
)
def test_texts_that_no_row_may_have_are_refused(empty_url: str, tmp_path: Path, line: str, said: str) -> None:
    directory = packages.write(tmp_path, packages.tables())
    (directory / "corrections.csv").write_text(f"dataset,id,field,from,to,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, directory)
    assert str(caught.value.faults[0]).startswith(said)


def test_a_link_to_no_file_is_refused(empty_url: str, tmp_path: Path) -> None:
    """Without it the printed values would come back in silence."""
    directory = packages.write(tmp_path, packages.tables())
    (directory / "corrections.csv").symlink_to("moved.csv")
    with pytest.raises(PackageError, match=r"corrections\.csv: is a link to a file that is not there"):
        packages.load(empty_url, directory)


def add_corrections(directory: Path, *lines: str) -> None:
    text = "\n".join(["dataset,id,field,from,to,reason,lines", *lines])
    (directory / "corrections.csv").write_text(f"{text}\n", encoding="utf-8")


ADDED = "observations,eggs.330300.1999-02.1999-01"


def test_a_correction_adds_a_row_as_an_erratum(empty_url: str, tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    given = {"indicator_id": "eggs", "area_id": "330300", "period": "1999-02", "issue_id": "1999-01"}
    given |= {"published_on": "1999-02-01", "value": "2.50", "value_status": "normal"}
    given |= {f"{name}_status": "missing" for name in ("value_yoy", "cumulative", "cumulative_yoy")}
    fields = [f"{ADDED},{field},,{value},left out," for field, value in given.items()]
    add_corrections(directory, f"{ADDED},id,,eggs.330300.1999-02.1999-01,left out,7;8", *fields)
    outcome = packages.load(empty_url, directory)
    logged = [(entry["row_id"], entry["kind"], entry["cause"]) for entry in outcome.log]
    assert ("eggs.330300.1999-02.1999-01", "added", "erratum") in logged
    [(text,)] = packages.fetch(empty_url, "SELECT row_json FROM observations WHERE period = '1999-02'")
    row = from_json(text)
    assert (str(row["value"]), row["source"]["lines"]) == ("2.50", [7, 8])
    assert row["notes"].startswith("Added by hand: left out")
    assert packages.load(empty_url, directory).log == []


def test_a_correction_removes_a_row_as_an_erratum(empty_url: str, tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    packages.load(empty_url, directory)
    key = "eggs.330300.1999-01.1999-01"
    add_corrections(directory, f"observations,{key},id,{key},,a subtotal,7;7")
    outcome = packages.load(empty_url, directory, accept_loss=True)
    assert [(entry["row_id"], entry["kind"], entry["cause"]) for entry in outcome.log] == [(key, "removed", "erratum")]
    assert packages.fetch(empty_url, "SELECT count(*) FROM observations") == [(0,)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{ADDED},id,,eggs.330300.1999-02.1999-01,x,", "names the lines of the text"),
        (f"{ADDED},id,,eggs.330300.1999-02.1999-01,x,8;7", "names the lines of the text"),
        (f"{ADDED},id,,other,x,7;7", "adds 'other' under the id"),
        ("observations,eggs.330300.1999-01.1999-01,id,eggs.330300.1999-01.1999-01,b,x,7;7", "cannot be corrected"),
        ("observations,a/b,id,,a/b,x,7;7", "a/b"),
        ("areas,a,id,,a,x,7;7", "cannot be added"),
    ],
)
def test_a_row_that_cannot_be_added_or_removed_is_refused(empty_url: str, tmp_path: Path, line: str, said: str) -> None:
    directory = packages.write(tmp_path, packages.tables())
    add_corrections(directory, line)
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, directory)
    assert said in str(caught.value.faults[0])

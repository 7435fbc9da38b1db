"""What a command says when it fails."""

from pathlib import Path

import pytest

from app.cli.errors import error_lines, print_error
from app.errors import StartupError
from app.ingest.extract import NotAnIssueError
from app.ingest.identity import RefusedError
from app.ingest.package_reader import PackageError, PackageFault
from app.parser.text.dates import to_date


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (StartupError("there is no 'x'"), "there is no 'x'"),
        (ValueError("wrong"), "wrong"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (PermissionError(13, "Permission denied", "x.csv"), "'x.csv': Permission denied"),
    ],
)
def test_an_expected_error_is_its_message(error: Exception, line: str) -> None:
    assert list(error_lines(error)) == [line]


def test_an_unexpected_error_is_one_line_with_its_place() -> None:
    with pytest.raises(TypeError) as raised:
        to_date(1, "x", "y")  # type: ignore[arg-type]
    [line] = error_lines(raised.value)
    assert line.startswith("unexpected error, please report it: TypeError")
    assert str(Path("parser/text")) in line


def faults(number: int) -> PackageError:
    return PackageError([PackageFault("x.csv", row, None, "wrong") for row in range(1, number + 1)])


def test_one_fault_is_one_line() -> None:
    assert list(error_lines(faults(1))) == ["refused: x.csv, row 1: wrong"]


def test_many_faults_are_counted() -> None:
    assert list(error_lines(faults(2))) == ["x.csv, row 1: wrong", "x.csv, row 2: wrong", "refused, 2 fault(s)"]
    lines = list(error_lines(faults(100_000)))
    assert lines[-3:] == ["x.csv, row 100: wrong", "99900 more faults", "refused, 100000 fault(s)"]
    assert len(lines) == 102


def test_a_long_name_is_cut() -> None:
    [line] = error_lines(OSError(36, "File name too long", "a" * 5000))
    assert line == f"'{'a' * 200}…': File name too long"


def test_what_a_terminal_would_act_on_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("a\nb\x1b[31m\u202e\udcff 温州")
    assert capsys.readouterr().err == "gazette: a\\nb\\x1b[31m\\u202e\\udcff 温州\n"


def test_a_file_is_named_by_the_path_that_the_user_gave(tmp_path: Path) -> None:
    package, text = tmp_path / "2021-06", tmp_path / "2021-06.txt"
    package.mkdir()
    text.touch()
    (tmp_path / "corrections.csv").touch()
    for file, source, shown in (
        ("issues.csv", package, package / "issues.csv"),
        ("none.csv", package, package / "none.csv"),
        ("editorial/areas.csv", package, "editorial/areas.csv"),
        ("the text", text, text),
        ("corrections.csv", text, tmp_path / "corrections.csv"),
        ("acknowledgements.csv", text, "acknowledgements.csv"),  # that of the bundled package
        ("issues.csv", "", "issues.csv"),
    ):
        error = PackageError([PackageFault(file, 2, None, "wrong")])
        assert list(error_lines(error, str(source))) == [f"refused: {shown}, row 2: wrong"]
    for source, shown in ((str(text), f"{text} is a PDF"), ("https://h/x", "https://h/x: 2021-06.txt is a PDF")):
        assert list(error_lines(NotAnIssueError("2021-06.txt is a PDF"), source)) == [shown]
    assert list(error_lines(RefusedError("it is another"), "a.txt")) == ["a.txt is refused: it is another"]

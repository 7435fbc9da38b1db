"""What a command says when it fails."""

from pathlib import Path

import pytest

from app.cli.errors import error_lines
from app.errors import StartupError
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

"""Malformed options and arguments: each is one line that says what to write instead."""

import re
from datetime import date

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from app.cli.main import main
from app.cli.values import parse_date, whole_number


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["parse", "x", "--created", "nonsense"], "'--created': 'nonsense' is not a date; write YYYY-MM-DD."),
        (["parse", "x", "--created", "20210501"], "'--created': '20210501' is not a date; write YYYY-MM-DD."),
        (["parse", "x", "--created", "2021-W01-1"], "'--created': '2021-W01-1' is not a date; write YYYY-MM-DD."),
        (["parse", "x", "--created", "2021-02-30"], "'--created': '2021-02-30' is not a date; write YYYY-MM-DD."),
        (
            ["parse", "x", "--created", "２０２１-05-01"],
            "'--created': '２０２１-05-01' is not a date; write YYYY-MM-DD.",
        ),
        (["parse", "x", "--created", ""], "'--created': '' is not a date; write YYYY-MM-DD."),
        (["load", "x", "--published-on", "May"], "'--published-on': 'May' is not a date; write YYYY-MM-DD."),
        (["load", "x", "--serial", "abc"], "'--serial': 'abc' is not a whole number from 1 to 999999."),
        (["load", "x", "--serial", "0"], "'--serial': '0' is not a whole number from 1 to 999999."),
        (["load", "x", "--serial", "1e3"], "'--serial': '1e3' is not a whole number from 1 to 999999."),
        (["load", "x", "--issue", "May"], "'--issue': 'May' is not the id of an issue; write 2021-05, "),
        (["serve", "--port", "8.5"], "'--port': '8.5' is not a whole number from 0 to 65535."),
        (["serve", "--port", "٣"], "'--port': '٣' is not a whole number from 0 to 65535."),
        (["serve", "--port", "70000"], "'--port': '70000' is not a whole number from 0 to 65535."),
        (["serve", "--workers", ""], "'--workers': '' is not a whole number from 1 to 256."),
        (["serve", "--workers", "257"], "'--workers': '257' is not a whole number from 1 to 256."),
        (["parse", ""], "'FILE': it is empty; write the name of a file or directory."),
        (["parse", "x", "-o", " "], "'-o': it is empty; write the name of a file or directory."),
        (["load", "x", ""], "'DIR|FILE|URL...': it is empty; write the name of a file or directory."),
        (["export", ""], "'DIR': it is empty; write the name of a file or directory."),
    ],
)
def test_a_malformed_value_says_what_to_write(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"gazette: Invalid value for {message}")
    assert line.endswith(f" See 'gazette {arguments[0]} --help'.")


@given(st.dates())
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@given(st.text() | st.integers(0, 200).map(str), st.integers(0, 99), st.integers(0, 99))
def test_a_number_is_within_its_bounds_or_refused(text: str, least: int, more: int) -> None:
    parse = whole_number(least, least + more)
    if re.fullmatch("[0-9]{1,18}", text) and least <= int(text) <= least + more:
        assert parse(text) == int(text)
    else:
        with pytest.raises(typer.BadParameter, match=f"from {least} to {least + more}"):
            parse(text)

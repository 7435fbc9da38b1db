"""Every example in the README is run against the service."""

import re
import shlex
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.testclient import TestClient

ROOT = Path(__file__).parents[2]

EXAMPLES = re.findall(r"^(curl .*?)   # (.*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


def asked(command: str) -> tuple[str, dict[str, str]]:
    """Return the path with query of a curl command, and its headers."""
    words = iter(shlex.split(command)[1:])
    url, data, headers = "", [], {}
    for word in words:
        if word in ("-d", "--data-urlencode"):
            data += parse_qsl(next(words))
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif not word.startswith("-"):
            url = word
    parts = urlsplit(url)
    assert parts.netloc == "127.0.0.1:8000"
    return f"{parts.path}?{'&'.join(filter(None, [parts.query, urlencode(data)]))}", headers


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize(("command", "expected"), EXAMPLES)
def test_examples_of_the_readme_answer(client: TestClient, command: str, expected: str) -> None:
    path, headers = asked(command)
    answer = client.get(path, headers=headers)
    found = re.match(r"([1-5][0-9]{2}) (.*)", expected)
    status, words = found.groups() if found else ("200", expected)
    assert answer.status_code == int(status)
    assert words in answer.text

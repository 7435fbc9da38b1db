"""Every example in the README is run: addresses, links, commands and Python."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas
import pytest
from starlette.testclient import TestClient

from app.cli.main import main
from tests.support.issues import issue_text
from tests.support.served import running
from tests.support.service import client_for

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOST = "http://127.0.0.1:8000"

EXAMPLES = re.findall(r"^(curl .*?)   # (.*)$", README, re.MULTILINE)
LINKS = sorted(set(re.findall(rf"<({HOST}[^>]*)>|\(({HOST}[^)]*)\)", README)))
SHELL_BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
PYTHON_BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def loaded_sqlite_client(loaded_sqlite: str) -> Iterator[TestClient]:
    """Return a client of the service, where one database is enough."""
    with client_for(loaded_sqlite) as client:
        yield client


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


def first_screen() -> str:
    return README.partition("\n## ")[0]


def commands(block: str) -> Iterator[list[str]]:
    """Yield the words of each call of `gazette` in a block."""
    for line in block.splitlines():
        words = shlex.split(line, comments=True)
        if words and words[0].endswith("gazette"):
            yield words[1:]


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 10
    assert len(LINKS) >= 10
    assert len(PYTHON_BLOCKS) >= 2


@pytest.mark.parametrize(("command", "expected"), EXAMPLES)
def test_examples_of_the_readme_answer(client: TestClient, command: str, expected: str) -> None:
    path, headers = asked(command)
    answer = client.get(path, headers=headers)
    found = re.match(r"([1-5][0-9]{2}) (.*)", expected)
    status, words = found.groups() if found else ("200", expected)
    assert answer.status_code == int(status)
    assert words in answer.text


@pytest.mark.parametrize("link", ["".join(link) for link in LINKS])
def test_a_link_of_the_readme_opens_in_a_browser(loaded_sqlite_client: TestClient, link: str) -> None:
    path = link.removeprefix(HOST) or "/"
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    answer = loaded_sqlite_client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    media_type = answer.headers["content-type"]
    is_page = not re.search(r"\.(xlsx|csv|ttl|json)(\?|$)", path)
    assert media_type.startswith("text/html") == is_page
    if ".xlsx" in path:
        assert answer.content.startswith(b"PK")


@pytest.mark.parametrize("row", re.findall(r"^\| .* \|$", README.partition("## Where to begin")[2][:2500], re.M)[1:6])
def test_every_audience_begins_with_something_that_works_for_a_person(row: str) -> None:
    first = row.split(" | ")[1]
    assert re.match(rf"<{HOST}/[^>]*>|`gazette --help`", first), first


def test_the_first_screen_says_what_the_bundled_data_lacks() -> None:
    screen = first_screen()
    assert len(screen.splitlines()) <= 40
    assert "without running text" in screen
    for field in ("documents.body", "provisions.text", "briefs.text", "watersheds.tasks"):
        assert f"`{field}`" in screen
    assert "gazette load 2021-05.txt" in screen


def test_the_bundled_data_lacks_what_the_readme_says(loaded_sqlite_client: TestClient) -> None:
    for name in re.findall(r"`([a-z]+\.[a-z]+)`", first_screen().partition("without running text")[2])[:4]:
        dataset, field = name.split(".")
        rows = loaded_sqlite_client.get(f"/v1/{dataset}?fields={field}&limit=1000").json()["data"]
        assert rows
        assert {row[field] for row in rows} == {None}


def test_the_quick_start_is_what_the_project_offers() -> None:
    [quick_start] = re.findall(r"^```sh\n(.*?)^```", first_screen(), re.MULTILINE | re.DOTALL)
    assert quick_start.splitlines() == [
        "python3 -m venv .venv && .venv/bin/pip install -e .",
        ".venv/bin/gazette serve",
    ]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^gazette = "app\.cli\.__main__:main"$', project, re.MULTILINE)
    assert re.search(r'^requires-python = ">=3\.11"$', project, re.MULTILINE)
    assert "Python 3.11 or newer" in first_screen()


@pytest.mark.slow
@pytest.mark.parametrize("heading", ["### Load the running text", "### Load next month's issue"])
def test_the_commands_of_a_load_work_in_their_order(
    heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    block = next(each for each in SHELL_BLOCKS if each in README.partition(heading)[2])
    calls = list(commands(block))
    assert len(calls) >= 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/gazette.db")
    [name] = {word for call in calls for word in call if word.endswith(".txt")}
    year, month = map(int, name.removesuffix(".txt").split("-"))
    Path(name).write_text(issue_text(month, year=year), encoding="utf-8")
    # Those of the bundled package are about the real issue of that month.
    Path("acknowledgements.csv").write_text("id,failure,reason,day\n", encoding="utf-8")
    for call in calls:
        assert main(call) == 0, (call, capsys.readouterr().err)


@pytest.mark.slow
def test_the_python_of_the_readme_runs(loaded_sqlite: str, capsys: pytest.CaptureFixture[str]) -> None:
    with running(loaded_sqlite) as service:
        for block in PYTHON_BLOCKS:
            names: dict[str, object] = {}
            exec(block.replace(HOST, f"http://127.0.0.1:{service.port}"), names)
            tables = [value for value in names.values() if isinstance(value, pandas.DataFrame | pandas.Series)]
            assert tables
            assert all(len(table) for table in tables)
    assert "龙湾区" in capsys.readouterr().out


def test_pandas_reads_with_the_types_of_arrow() -> None:
    reads = re.findall(r"pandas\.read_\w+\([^)]*\)", README)
    assert len(reads) >= 2
    assert [read for read in reads if 'dtype_backend="pyarrow"' not in read] == []

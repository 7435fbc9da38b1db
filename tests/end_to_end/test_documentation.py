"""The documentation names files that exist, and the README shows answers that the service gives."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.end_to_end.test_readme import asked

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN_ANSWERS = re.findall(r"^(curl .*?)   # .*\n# (\{.*\})$", README, re.MULTILINE)
GUIDES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "tests/bench/README.md")
FOLDERS = ("app", "migrations", "seed", "tests", ".ci")
INLINE_CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)(?:#([^)]+))?\)")
NAME = re.compile(r"(?:router\.|\*\*)?([a-z_]+)\(\)|([A-Z][a-z]+[A-Z]\w+|[A-Z]+_[A-Z_]+)")
"""A function with its brackets, a class of two words, a constant."""
MODULE = re.compile(r"(?:app|tests|migrations)(?:\.\w+)+")
PLACEHOLDER = re.compile(r"[<*…{]")


def named_paths(guide: str) -> Iterator[str]:
    """Yield the files, folders and modules that a guide names in code marks."""
    for words in INLINE_CODE.findall((ROOT / guide).read_text(encoding="utf-8")):
        for word in words.split():
            path = word.strip(",.:;()'\"")
            if PLACEHOLDER.search(path) or "://" in path:
                continue
            if MODULE.fullmatch(path):
                yield path.replace(".", "/")
            elif path.split("/")[0] in FOLDERS and ("/" in path or path in FOLDERS):
                yield path


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_in_a_guide_exists(guide: str) -> None:
    paths = set(named_paths(guide))
    assert [path for path in sorted(paths) if not ((ROOT / path).exists() or (ROOT / f"{path}.py").exists())] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_name_in_a_guide_is_in_the_code(guide: str) -> None:
    sources = [path for folder in ("app", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources if path != Path(__file__))
    words = set(INLINE_CODE.findall((ROOT / guide).read_text(encoding="utf-8")))
    names = {match[1] or match[2] for word in words if (match := NAME.fullmatch(word))}
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize("page", [*GUIDES, "README.md", "CHANGELOG.md", "openapi.md"])
def test_every_link_leads_to_a_file(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target, heading in LINK.findall(text):
        if "://" not in target:
            linked = (ROOT / page).parent / target
            assert linked.exists(), target
            assert not heading or heading in heading_anchors(linked), f"{target}#{heading}"


def heading_anchors(page: Path) -> set[str]:
    """Return the anchors that a Markdown page's headings have on GitHub."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_package_is_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tops = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert {f"app/{name}" for name in tops} <= set(INLINE_CODE.findall(text))


def test_the_readme_shows_answers() -> None:
    assert len(SHOWN_ANSWERS) >= 4


@pytest.mark.parametrize(("command", "shown"), SHOWN_ANSWERS)
def test_answers_shown_in_the_readme_are_given(client: TestClient, command: str, shown: str) -> None:
    path, headers = asked(command)
    assert_holds(parse_json(client.get(path, headers=headers).text), parse_json(shown))


def parse_json(text: str) -> Any:
    """Return a JSON value with its numbers as they are printed."""
    return json.loads(text, parse_float=Decimal)


def assert_holds(answer: Any, shown: Any) -> None:
    """Assert that an answer has what is shown: members of objects, and the first elements of lists."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_holds(answer[name], value)
    elif isinstance(shown, list):
        for given, value in zip(answer, shown, strict=False):
            assert_holds(given, value)
        assert len(answer) >= len(shown)
    else:
        assert str(answer) == str(shown)


def test_make_has_the_targets_that_the_guide_names() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", guide, re.MULTILINE)) <= set(targets)


def test_make_check_runs_the_checks_of_ci() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    commands = re.findall(
        r"^\.venv/bin/(?:ruff|mypy|alembic|gazette).*$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.M
    )
    assert len(commands) >= 6
    assert [command for command in commands if command not in makefile] == []

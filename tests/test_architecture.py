"""The package keeps its structure: imports run downward, and the tests mirror the modules."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
NO_MIRROR = {"end_to_end", "support", "bench"}
"""Folders of `tests` whose modules stand for no module of `app`."""


def test_import_contracts_are_kept() -> None:
    """The contracts are in `pyproject.toml`, `[tool.importlinter]`."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("app.parser", {"app.parser"}),
        (
            "app.http",
            {"app.http", "app.settings", "app.version", "app.errors", "app.tempdir", "app.concurrency"},
        ),
    ],
)
def test_a_package_imports_nothing_of_the_rest(package: str, allowed: set[str]) -> None:
    graph = grimp.build_graph("app", cache_dir=None)
    modules = {package, *graph.find_descendants(package)}
    imported = {name for module in modules for name in graph.find_modules_directly_imported_by(module)}
    assert {".".join(name.split(".")[:2]) for name in imported} <= allowed


def test_every_test_module_bears_the_name_of_what_it_tests() -> None:
    """The scheme is described in the docstring of `tests`."""
    strays = []
    for path in sorted(TESTS.rglob("test_*.py")):
        folder, name = path.parent.relative_to(TESTS), path.stem.removeprefix("test_")
        is_module = (ROOT / "app" / folder / f"{name}.py").is_file()
        is_package = folder.name == name and (ROOT / "app" / folder).is_dir()
        is_of_root = folder == Path() and name in ("migrations", "architecture")
        if not (is_module or is_package or is_of_root or NO_MIRROR & set(folder.parts)):
            strays.append(str(path.relative_to(ROOT)))
    assert strays == []

"""A migration that Alembic generates is formatted without further work."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_a_generated_migration_passes_the_linter_and_the_formatter(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'gazette.db'}", "PYTHONPATH": str(ROOT)}

    def run(*command: str) -> None:
        subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, env=environment, check=True, capture_output=True)

    run("alembic", "upgrade", "head")
    with sqlite3.connect(tmp_path / "gazette.db") as connection:
        connection.execute("DROP INDEX ix_observations_measures")
    connection.close()
    before = set((tmp_path / "migrations/versions").iterdir())
    run("alembic", "revision", "--autogenerate", "-m", "an index")
    [generated] = (
        set((tmp_path / "migrations/versions").iterdir()) - before - {tmp_path / "migrations/versions/__pycache__"}
    )
    assert "op.create_index(" in generated.read_text()
    run("ruff", "check", str(generated))
    run("ruff", "format", "--check", str(generated))
    run("alembic", "upgrade", "head")
    run("alembic", "check")

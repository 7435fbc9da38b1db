"""Progress of long commands."""

import io
from pathlib import Path

import pytest

from app.cli.console import show_progress
from app.cli.main import main
from app.db.engine import open_engine
from app.ingest.pipeline import load_source, load_transaction
from tests.support import packages
from tests.support.service import NOW
from tests.support.texts import DAY


@pytest.mark.slow
def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = packages.tables()
    row = content["observations"][0]
    content["observations"] = [
        row | {"id": f"o{n:05}", "period": f"{1400 + n // 12}-{n % 12 + 1:02}"} for n in range(6000)
    ]
    directory = packages.write(tmp_path / "big", content)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["load", str(directory), "--dry-run"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "observations: 6000 of 6000 rows"
    assert len(told) == 11
    terminal = Terminal()
    with (
        open_engine(empty_url) as engine,
        show_progress(terminal) as progress,
        load_transaction(engine, dry_run=True) as connection,
    ):
        load_source(connection, directory, NOW, DAY, progress)
    assert "observations" in terminal.getvalue()


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True

"""The generated page `openapi.md`."""

from pathlib import Path

from app.api.openapi.reference.page import write_markdown
from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[4]


def test_openapi_md_is_generated() -> None:
    schema = create_app(Settings()).app.api.openapi()
    assert (ROOT / "openapi.md").read_text(encoding="utf-8") == write_markdown(schema) + "\n"

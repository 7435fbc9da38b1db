"""The bundled package."""

import json
import os
from datetime import date
from pathlib import Path

from app.ingest.seed import SEED_DIRECTORY
from tests.support.bundled import BUNDLED
from tests.support.texts import parse, real_text


def test_the_descriptor_names_every_file() -> None:
    descriptor = json.loads((BUNDLED / "datapackage.json").read_text(encoding="utf-8"))
    named = {resource["path"] for resource in descriptor["resources"]}
    assert named == {path.name for path in BUNDLED.glob("*.csv")} - {"corrections.csv", "acknowledgements.csv"}


@real_text
def test_the_bundled_package_is_what_the_command_makes(tmp_path: Path) -> None:
    bundled = SEED_DIRECTORY / "2021-05"
    descriptor = json.loads((bundled / "datapackage.json").read_text(encoding="utf-8"))
    created = date.fromisoformat(descriptor["created"][:10])
    parse(Path(os.environ["GAZETTE_TEXT"]), tmp_path, created)
    for path in sorted(bundled.iterdir()):
        if path.name not in ("corrections.csv", "acknowledgements.csv"):
            assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name

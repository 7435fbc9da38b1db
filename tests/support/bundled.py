"""The package of the bundled issue."""

from app.ingest.seed import SEED_DIRECTORY

BUNDLED = SEED_DIRECTORY / "2021-05"

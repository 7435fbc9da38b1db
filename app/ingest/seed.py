"""The bundled data: issues as data packages, and the editorial fields."""

from pathlib import Path

from app.datasets import DATASETS
from app.ingest.package_reader import PackageError, PackageFault, read_table
from app.model.rows import Record

SEED_DIRECTORY = Path(__file__).resolve().parent.parent / "seed"
if not SEED_DIRECTORY.is_dir():  # a checkout keeps it at its top, a wheel inside the package
    SEED_DIRECTORY = SEED_DIRECTORY.parent.parent / "seed"
EDITORIAL_DIRECTORY = SEED_DIRECTORY / "editorial"


def read_editorial(directory: Path = EDITORIAL_DIRECTORY) -> dict[str, dict[str, Record]]:
    """Read the editorial fields by dataset and id. A dataset has one CSV file with `id` and editorial columns.

    Raises PackageError when a file is invalid.
    """
    faults: list[PackageFault] = []
    rows: dict[str, dict[str, Record]] = {}
    for path in sorted(directory.glob("*.csv")) if directory.is_dir() else ():
        if path.stem in DATASETS:
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
            rows[path.stem] = read_table(DATASETS[path.stem], f"editorial/{path.name}", text, faults).rows
        else:
            faults.append(PackageFault(f"editorial/{path.name}", None, None, "is not named after a dataset"))
    if faults:
        raise PackageError(faults)
    return rows

"""What comes with the program: the bundled issues as data packages, and what editors wrote."""

from pathlib import Path

from app.datasets import DATASETS
from app.ingest.package_reader import PackageError, PackageFault, read_table
from app.model.rows import Record

SEED = Path(__file__).resolve().parent.parent / "seed"
if not SEED.is_dir():  # a checkout keeps it at its top, a wheel inside the package
    SEED = SEED.parent.parent / "seed"
EDITORIAL = SEED / "editorial"


def read_editorial(directory: Path = EDITORIAL) -> dict[str, dict[str, Record]]:
    """What editors wrote, by dataset and id: one CSV a dataset, with an `id` and editorial columns.

    Raises PackageError when a file is broken.
    """
    faults: list[PackageFault] = []
    found: dict[str, dict[str, Record]] = {}
    for path in sorted(directory.glob("*.csv")) if directory.is_dir() else ():
        if path.stem in DATASETS:
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
            found[path.stem] = read_table(DATASETS[path.stem], f"editorial/{path.name}", text, faults).rows
        else:
            faults.append(PackageFault(f"editorial/{path.name}", None, None, "is named after no dataset"))
    if faults:
        raise PackageError(faults)
    return found

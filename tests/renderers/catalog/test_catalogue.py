"""What all representations of the catalogue take from an entry."""

import pytest

from app.datasets import DATASETS
from app.db.data_state import DatasetStats
from app.renderers.catalog.catalogue import DatasetEntry


@pytest.mark.parametrize(
    ("covers", "days"),
    [
        (("2021", "2025"), ("2021-01-01", "2025-12-31")),
        (("2021-05", "2024-02"), ("2021-05-01", "2024-02-29")),
        (("2021-05-06", "2021-06-30"), ("2021-05-06", "2021-06-30")),
        (("2021-Q2", "2021-Q4"), ("2021-04-01", "2021-12-31")),
        (("2020", "2021-05"), ("2020-01-01", "2021-05-31")),
        (("0", "9"), None),
        (None, None),
    ],
)
def test_the_time_covered_is_told_in_days(covers: tuple[str, str] | None, days: tuple[str, str] | None) -> None:
    assert DatasetEntry(DATASETS["events"], DatasetStats(covers=covers)).covered_days == days

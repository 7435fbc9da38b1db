"""Remarks have a Chinese form."""

import csv
import re
from pathlib import Path

import pytest

from app.model.remarks import REMARKS, Remark, in_chinese

SEED = Path(__file__).parents[2] / "seed" / "2021-05"


@pytest.mark.parametrize("remark", REMARKS, ids=lambda remark: remark.example[:40])
def test_each_row(remark: Remark) -> None:
    chinese = in_chinese(remark.example)
    assert chinese != remark.example
    assert "\\" not in chinese
    assert re.fullmatch(remark.english, remark.example)


def test_several_remarks() -> None:
    assert in_chinese("no unit printed; the table has no column for value_yoy") == "未印单位；表中没有“当月同比”一栏"


def test_what_is_not_in_the_table_stays() -> None:
    assert in_chinese("Something else") == "Something else"


def test_the_bundled_rows_have_a_chinese_form() -> None:
    left: set[str] = set()
    for path in SEED.glob("*.csv"):
        if path.name == "areas.csv":  # remarks written by hand, one a place
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts = [row.get("notes") or "", (row.get("subject") or "") if path.name == "checks.csv" else ""]
                left |= {part for text in texts for part in text.split("; ") if part and in_chinese(part) == part}
    assert not left

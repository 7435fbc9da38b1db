"""Sentences about rows."""

from decimal import Decimal

import pytest

from app.datasets import DATASETS
from app.model.rows import Record
from app.renderers.captions import change_text


@pytest.mark.parametrize(
    ("dataset", "cell", "told"),
    [
        ("urban-villages", {"field": "plan", "from": "demolition", "to": "upgrade"}, "改造计划 拆迁 → 整治提升"),
        ("observations", {"field": "value", "from": None, "to": Decimal("1.50")}, "当月 — → 1.50"),
        ("observations", {"field": "printed.value", "from": "1.5", "to": "1.50"}, "原文当月 1.5 → 1.50"),
        ("documents", {"field": "is_normative", "from": False, "to": True}, "行政规范性文件 否 → 是"),
        ("events", {"field": "activity", "from": "开会", "to": "sha256:00"}, "活动 开会 → （长文本）"),
        (
            "provisions",
            {"field": "responsible", "from": ["甲局"], "to": ["甲局", "乙局"]},
            "责任单位 甲局 → 甲局、乙局",
        ),
        ("gone", {"field": "colour", "from": "red", "to": "blue"}, "colour red → blue"),
    ],
)
def test_a_change_is_described_in_words(dataset: str, cell: Record, told: str) -> None:
    assert change_text(DATASETS.get(dataset), cell) == told

"""Figures in sentences, as (sentence, expected) pairs."""

from decimal import Decimal

import pytest

from tests.support.sentences import commitments


@pytest.mark.parametrize(
    ("sentence", "kind", "comparator", "value", "unit"),
    [
        ("劳模享受一次性补助450元。", "amount", "eq", "450", "元"),
        ("劳模每月享受津贴450元。", "amount", "eq", "450", "元/月"),
        ("每人每年给予补助1200元。", "amount", "eq", "1200", "元/年"),
        ("2024年底排查整治率达100%。", "target", "eq", "100", "%"),
        ("形成东片、西片等6大重点区域。", "target", "eq", "6", "个"),
        ("东区41个行政村作为本轮改造重点范围。", "target", "eq", "41", "个"),
        ("按6:4比例分成(迁出地占比4)。", "rate", "eq", "40", "%"),
        ("对企业给予不超过投资额15%的补助。", "rate", "lte", "15", "%"),
        ("按不低于70%给予补助。", "rate", "gte", "70", "%"),
        ("全市优良比例达到85.5%以上。", "target", "gte", "85.5", "%"),
        ("年满65周岁的居民。", "threshold", "gte", "65", "周岁"),
        ("日供水90吨以上的水站。", "threshold", "gte", "90", "吨"),
        ("到2025年，全市海洋生产总值达到1800亿元以上。", "target", "gte", "1800", "亿元"),
        ("港口吞吐量突破1.5亿吨。", "target", "gte", "1.5", "亿吨"),
        ("集装箱吞吐量达到120万标箱。", "target", "gte", "120", "万标箱"),
        ("年产值500万元以上的企业。", "threshold", "gte", "500", "万元"),
        ("办公室在5个工作日内答复。", "deadline", "lte", "5", "个工作日"),
        ("公示时间不少于7天。", "deadline", "gte", "7", "天"),
        ("按照6:4比例分成。", "rate", "eq", "60", "%"),
        ("给予全额补助。", "rate", "eq", "100", "%"),
        ("建成绿道45公里以上。", "target", "gte", "45", "公里"),
        ("每站确定两名护林员。", "target", "eq", "2", "名"),
    ],
)
def test_a_figure_in_a_sentence(sentence: str, kind: str, comparator: str, value: str, unit: str) -> None:
    (found,) = commitments(sentence)
    assert (found["kind"], found["comparator"], found["value"], found["unit"]) == (
        kind,
        comparator,
        Decimal(value),
        unit,
    )

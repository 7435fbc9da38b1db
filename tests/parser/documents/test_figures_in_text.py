"""Figures in sentences."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parser.documents.figures_in_text import find_figures

VALUES = st.decimals(Decimal("0.1"), 10**6, allow_nan=False, places=1)


@given(VALUES, VALUES, st.sampled_from(["万元", "%", "公顷", "个工作日"]), st.sampled_from("-~至到"))
def test_a_range_is_one_figure(low: Decimal, high: Decimal, unit: str, joint: str) -> None:
    low, high = sorted((low, high))
    found = find_figures(f"按{low}{joint}{high}{unit}执行")
    if low == high:
        assert all(figure.comparator != "range" for figure in found)
    else:
        assert [(figure.value, figure.value_to, figure.unit) for figure in found] == [(low, high, unit)]


@given(st.text("不少于百分之三十万元至五年内0123456789.,%-每人每月以上以下左右一半次", max_size=40))
def test_figures_lie_in_the_sentence_and_do_not_overlap(sentence: str) -> None:
    found = find_figures(sentence)
    assert all(0 <= figure.start <= figure.number_start < figure.end <= len(sentence) for figure in found)
    assert all(a.end <= b.number_start for a, b in pairwise(found))
    assert all(figure.value_to is None or figure.value < figure.value_to for figure in found)


@pytest.mark.parametrize(
    ("text", "value", "value_to", "unit"),
    [
        ("五千元以上一万元以下", "5000", "10000", "元"),
        ("三万元以上十万元以下", "3", "10", "万元"),
        ("百分之一以上百分之五以下", "1", "5", "%"),
        ("6个月以上12个月以内", "6", "12", "个月"),
        ("千分之三", "3", None, "‰"),
        ("万分之五", "0.05", None, "%"),
        ("四分之三", "75", None, "%"),
        ("一半", "50", None, "%"),
        ("半年", "0.5", None, "年"),
        ("两个半月", "2.5", None, "个月"),
        ("一年半", "1.5", None, "年"),
        ("三十千克", "30", None, "千克"),
        ("1.2亿千瓦", "1.2", None, "亿千瓦"),
        ("100元/吨", "100", None, "元/吨"),
        ("5件(次)", "5", None, "件(次)"),
        ("每年召开两次", "2", None, "次/年"),
        ("每5年修订1次", "1", None, "次/5年"),
        ("每季度不少于3次", "3", None, "次/季度"),
        ("每天1至2次", "1", "2", "次/天"),
    ],
)
def test_a_printed_figure(text: str, value: str, value_to: str | None, unit: str) -> None:
    (found,) = find_figures(text)
    assert (found.value, found.value_to) == (Decimal(value), None if value_to is None else Decimal(value_to))
    assert found.unit == unit


@pytest.mark.parametrize(
    "text", ["三分之二", "第3条", "第五年", "2021年", "GB3095", "3.2.1", "一般", "统一", "5-3个", "二零二一年"]
)
def test_what_is_no_figure(text: str) -> None:
    assert find_figures(text) == []

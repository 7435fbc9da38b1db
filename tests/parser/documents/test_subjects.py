"""What a figure is about, as (sentence, expected) pairs."""

from decimal import Decimal

import pytest

from tests.support.sentences import commitments


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("县级护林员按不低于70%给予补助。", "县级护林员给予补助"),
        ("鼓励获得4A以上信用等级的协会承接。", "信用等级"),
        ("围绕改善目标，利用3年时间，通过补种等方式，对残林实施改造。", "残林实施改造"),
        ("按6:4比例计算划转收入（迁出地占比6）。", "迁出地占比"),
        ("计划三年内完成修缮17座以上，五年内完成30座。", "修缮"),
        ("到2025年，" + "甲乙" * 25 + "。", "甲乙" * 19 + "甲…"),
    ],
)
def test_subject(sentence: str, subject: str) -> None:
    assert commitments(sentence)[-1]["subject_zh"] == subject


def test_a_subject_has_no_date_whatever_the_width_of_its_figures() -> None:
    (found,) = commitments("２０２４年底全市河道排查率达１００%。")
    assert (found["subject_zh"], found["value"]) == ("全市河道排查率", Decimal(100))

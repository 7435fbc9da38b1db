"""Who is responsible for a provision."""

import pytest

from tests.support.sentences import commitments, tree


@pytest.mark.parametrize(
    ("sentence", "body"),
    [
        ("当年10月20日前，迁出地林业部门向财政部门提供名单。", "迁出地林业部门"),
        ("护林办公室应当公示名单，公示时间不少于7天。", "护林办公室"),
        ("各县(市、区)政府要落实责任，每站确定两名护林员。", "各县(市、区)政府"),
    ],
)
def test_the_acting_body_is_responsible(sentence: str, body: str) -> None:
    assert [found["responsible"] for found in commitments(sentence)] == [[body]]


def test_responsible_bodies_and_those_named_for_all_below() -> None:
    found = tree(
        "1.排查。（责任单位：市水务局〔湖长办〕、市林业局，沿湖镇〔街道〕政府负责落实。"
        "以下均需沿湖镇〔街道〕政府负责落实）\n"
        "2.治理。(责任单位:市水务局)\n3.市审计局负责检查。"
    )
    assert found["n1"].responsible == ["市水务局〔湖长办〕", "市林业局", "沿湖镇〔街道〕政府"]
    assert found["n2"].responsible == ["市水务局", "沿湖镇〔街道〕政府"]
    assert "named once for all later items, in n1" in found["n2"].notes[0]


def test_bodies_named_for_all_below_are_responsible_for_the_rest_of_the_chapter() -> None:
    found = tree(
        "一、任务\n（一）排查。全面排查。（责任单位：市水务局。以下均需沿湖镇政府负责落实）\n（二）治理。分片治理。\n"
        "二、保障\n（一）经费。落实经费。"
    )
    assert found["s1.i2"].responsible == ["沿湖镇政府"]
    assert found["s2.i1"].responsible == []

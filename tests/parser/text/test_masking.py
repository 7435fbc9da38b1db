"""Private persons are masked; officials, groups and ordinary words are not."""

import pytest

from app.parser.text.masking import mask_private_names
from app.parser.text.normalise import split_lines


def masked(text: str) -> str:
    return "\n".join(line.text for line in mask_private_names(split_lines(text))[0])


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("3\t东山区\t柳桥村赵小满户\t住房", "3\t东山区\t柳桥村赵某某户\t住房"),
        ("4\t东山区\t柳桥赵小满户\t住房", "4\t东山区\t柳桥赵某某户\t住房"),
        ("柳桥村赵小满、钱二宝户", "柳桥村赵某某、钱某某户"),
        ("村民孙大海，", "村民孙某某，"),
        ("业主：欧阳小春", "业主：欧阳某某"),
        ("原告李三与被告周四明", "原告李某某与被告周某某"),
        ("序号\t户主\t面积\n1\t吴小江\t80", "序号\t户主\t面积\n1\t吴某某\t80"),
        ("业主吴小江反映积水，患者郑小河就诊", "业主吴某某反映积水，患者郑某某就诊"),
        ("户主： 吴 小 江", "户主： 吴某某"),
        ("吴小江（业主）", "吴某某（业主）"),
        ("业主代表吴小江在会上", "业主代表吴某某在会上"),
        ("低保户吴小江家", "低保户吴某某家"),
        ("市民吴小江反映", "市民吴某某反映"),
        ("柳塘街道吴小江房屋", "柳塘街道吴某某房屋"),
        ("业主吴小江应当修缮", "业主吴某某应当修缮"),
        ("患者郑小河。后郑小河痊愈", "患者郑某某。后郑某某痊愈"),
    ],
)
def test_private_persons(printed: str, expected: str) -> None:
    assert masked(printed) == expected


@pytest.mark.parametrize(
    "printed",
    [
        "市长李江，副市长王河参加会议",
        "居民安置工作",
        "柳桥村常住户",
        "柳桥村贫困户",
        "居民消费价格总指数",
        "城乡居民医保",
        "村民委员会",
        "市民高度评价的服务",
        "市民王先生反映",
        "业主应当在30日内答复",
        "柳塘街道高层住宅",
        "群众安全感",
        "编辑：陈平",
    ],
)
def test_others_stay(printed: str) -> None:
    assert masked(printed) == printed


def test_a_name_alone_in_a_cell_beside_housing_is_doubtful() -> None:
    _, found, doubtful = mask_private_names(split_lines("5\t东山区\t柳桥街道\t赵小满\t住房"))
    assert not found
    assert [doubt.printed for doubt in doubtful] == ["赵…"]


def test_the_report_never_holds_the_name() -> None:
    _, found, doubtful = mask_private_names(split_lines("柳桥村赵小满户\n村民孙大海致富后"))
    assert [doubt.line for doubt in found] == [1]
    assert [doubt.line for doubt in doubtful] == [2]
    assert not any(name in repr((found, doubtful)) for name in ("小满", "大海"))

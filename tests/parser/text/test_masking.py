"""Private persons are masked; officials, groups and ordinary words are not."""

from time import perf_counter

import pytest

from app.parser.text.masking import mask_private_names
from app.parser.text.normalise import split_lines
from app.parser.text.private_roles import CELL_HEADS, MONEY, PERSONAL_HEADS, ROLES, Role
from tests.support.invented_persons import NAMED, OFFICIAL


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
        ("姓名\t家庭住址\n吴 江\t柳塘村", "姓名\t家庭住址\n吴某某\t柳塘村"),
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
    text = "柳桥村赵小满、孙大海户\n5\t东山区\t柳桥街道\t钱小江\t住房"
    _, found, doubtful = mask_private_names(split_lines(text))
    assert [doubt.line for doubt in found] == [1, 1]
    assert [doubt.line for doubt in doubtful] == [2]
    assert not any(name in repr((found, doubtful)) for name in ("小满", "大海", "小江"))


def test_a_name_met_once_is_not_masked_by_its_spelling() -> None:
    text = "村民马鬃山反映漏水。\n马鬃山村地质险情\n常务副市长马鬃山出席，马鬃山路通车"
    assert masked(text) == text.replace("村民马鬃山", "村民马某某")


def test_a_title_behind_or_before_a_name_leaves_it() -> None:
    assert masked("患者郑小河由郑小河医生治疗") == "患者郑某某由郑小河医生治疗"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.example)
def test_each_row_of_roles(role: Role) -> None:
    assert "林小满" not in masked(role.example)


@pytest.mark.parametrize("example", [example for _, example in MONEY])
def test_each_row_of_money(example: str) -> None:
    assert "林小满" not in masked(example)


@pytest.mark.parametrize("head", [head for _, head in CELL_HEADS])
def test_each_row_of_heads(head: str) -> None:
    assert masked(f"{head}\t面积\n林小满\t80") == f"{head}\t面积\n林某某\t80"


@pytest.mark.parametrize("head", [head for _, head in PERSONAL_HEADS])
def test_each_row_of_heads_that_prove_a_private_table(head: str) -> None:
    assert "林小满" not in masked(f"姓名\t{head}\n林小满\t80")
    assert "林小满" in masked(f"姓名\t职务\t{head}\n林小满\t科长\t80")


@pytest.mark.parametrize(("printed", "private"), NAMED)
def test_all_ways_in_which_private_persons_are_named(printed: str, private: str) -> None:
    result = masked(printed)
    assert not [name for name in private.split(" ") if name in result]


@pytest.mark.parametrize("printed", OFFICIAL)
def test_official_words_places_and_offices_stay(printed: str) -> None:
    assert masked(printed) == printed


def test_a_long_line_of_names_takes_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "业主" + "林小满、" * count
        start = perf_counter()
        masked(text)
        return perf_counter() - start

    seconds(500)
    assert seconds(8000) < 12 * max(seconds(2000), 0.01)

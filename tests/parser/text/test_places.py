"""Names of places, also misread ones."""

from __future__ import annotations

import pytest

from app.parser.text.places import Places
from tests.support.invented_lines import AREAS

PLACES = Places(AREAS)


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("东溪区", "990101"),
        ("东溪", "990101"),
        ("南浦", "990121"),
        ("海新", "zone-haixinchanyejijuqu"),
        ("经开区", "zone-yunzhoujingkaiqu"),
        ("云州", None),
        ("中山区", None),
        ("", None),
    ],
)
def test_county_by_full_or_short_name(printed: str, wanted: str | None) -> None:
    area = PLACES.find_county(printed)
    assert (area.id if area else None) == wanted


@pytest.mark.parametrize(
    ("printed", "wanted"), [("南浦市", "南浦县"), ("北巷市", None), ("南浦县", None), ("西岭县", "西岭区")]
)
def test_misread_county_needs_one_candidate(printed: str, wanted: str | None) -> None:
    area = PLACES.find_misread_county(printed)
    assert (area.name_zh if area else None) == wanted


def test_misread_street_stays_within_its_parent() -> None:
    found = PLACES.find_misread_street("清腾街道", "990101")
    assert found is not None
    assert found.name_zh == "清塍街道"
    assert PLACES.find_misread_street("清腾街道", "990102") is None
    assert PLACES.find_misread_street("柳塘街道", "990101") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("东溪柳塘街道", ("东溪区", "东溪", "柳塘街道")),
        ("南浦市白石镇", ("南浦县", "南浦市", "白石镇")),
        ("北港市", ("北港市", "北港市", "")),
        ("松桥街道", (None, "", "松桥街道")),
    ],
)
def test_cut_county(text: str, wanted: tuple[str | None, str, str]) -> None:
    area, printed, rest = PLACES.split_county(text)
    assert (area.name_zh if area else None, printed, rest) == wanted


def test_locate_proves_a_zone_street_only_when_unique() -> None:
    assert PLACES.locate("海新产业集聚区", "江湾街道").street_code == "990181001"
    ambiguous = PLACES.locate("海新产业集聚区", "新城街道")
    assert ambiguous.street_code is None
    assert ambiguous.remarks


def test_areas_are_found_in_text_order() -> None:
    assert [area.id for area in PLACES.find_counties("北港、东溪和北港市")] == ["990181", "990101"]

"""Control areas of water sections."""

from __future__ import annotations

from app.parser.data_tables.control_areas import parse_control_areas
from app.parser.text.places import Places
from tests.support.invented_lines import AREAS


def test_place_without_proof_has_no_area() -> None:
    notes: list[str] = []
    assert parse_control_areas("新城街道", [], Places(AREAS), notes) == [{"area": None, "places": ["新城街道"]}]
    assert notes

"""Identifiers of parts of a document."""

import pytest

from app.renderers.akoma_ntoso.naming import anchor, hierarchy_element


@pytest.mark.parametrize(
    ("path", "element", "key"),
    [
        ("pre", "preamble", "preamble"),
        ("ch2.sec1.art6", "article", "chp_2__sec_1__art_6"),
        ("s1.i2.n3.p4.c5", "alinea", "para_1__subpara_2__point_3__indent_4__al_5"),
        ("annex1.i10", "subparagraph", "att_1__subpara_10"),
        ("s2-2", "paragraph", "para_2-2"),
    ],
)
def test_paths_become_anchors(path: str, element: str, key: str) -> None:
    assert (hierarchy_element(path).element, anchor(path)) == (element, key)

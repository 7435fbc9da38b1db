"""The style of all pictures: one text, so that a policy can allow it by its digest.

Fills are those of Okabe and Ito ("Color Universal Design", 2008), which people with any kind of colour vision tell
apart. Neighbours in a stack also differ in pattern and lightness, for print in black. Programs that draw SVG outside
browsers know no variables and no media queries, so the plain rules give the light version.
"""

import base64
import hashlib
from dataclasses import dataclass

FONTS = (
    '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB",system-ui,sans-serif'
)
INK, MUTED, PAPER, GRID = "#1a1a1a", "#595959", "#ffffff", "#d9d9d9"
DARK_INK, DARK_MUTED, DARK_PAPER, DARK_GRID = "#ededed", "#b3b3b3", "#16181c", "#44484f"
BLACK, WHITE = "#000000", "#ffffff"
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 18, 14, 12


@dataclass(frozen=True, slots=True)
class Fill:
    """A fill, the pattern on it (empty for none), and the colour of text on it."""

    name: str
    color: str
    pattern: str
    text: str


SERIES_FILLS = (
    Fill("s1", "#0072b2", "", WHITE),
    Fill("s2", "#e69f00", "M-3 13L13-3M-3 3L3-3M7 13L13 7", BLACK),
    Fill("s3", "#009e73", "", BLACK),
    Fill("s4", "#f0e442", "M3 0V10M8 0V10", BLACK),
    Fill("s5", "#cc79a7", "", BLACK),
    Fill("s6", "#56b4e9", "M0 3H10M0 8H10", BLACK),
)
"""The parts of a stack, in their order."""
REST_FILL = Fill("s0", "#b8b8b8", "", BLACK)
"""What is summed up behind the others."""
SHADES = (
    Fill("h1", "#e3eef8", "", BLACK),
    Fill("h2", "#b5d4ec", "", BLACK),
    Fill("h3", "#72b2dd", "", BLACK),
    Fill("h4", "#1f6fae", "", WHITE),
    Fill("h5", "#0a4478", "", WHITE),
)
"""The cells of a grid, from the smallest figure to the largest."""
NEGATIVE_SHADES = (
    Fill("g1", "#fdeeda", "", BLACK),
    Fill("g2", "#f8cf98", "", BLACK),
    Fill("g3", "#e69f00", "", BLACK),
    Fill("g4", "#a85c00", "", WHITE),
    Fill("g5", "#6b3a00", "", WHITE),
)
"""The cells of figures below zero, from the smallest amount to the largest."""
ALL_FILLS = (*SERIES_FILLS, REST_FILL, *SHADES, *NEGATIVE_SHADES)
PATTERN_INK = "#4d3800"
"""The lines of patterns. They lie on light fills only."""


def _fill_rules() -> str:
    rules = [
        f".{each.name}{{fill:{f'url(#p-{each.name})' if each.pattern else each.color}}}"
        f".on-{each.name}{{fill:{each.text}{f';stroke:{each.color}' if each.pattern else ''}}}"
        for each in ALL_FILLS
    ]
    backs = [f".back-{each.name}{{fill:{each.color}}}" for each in ALL_FILLS if each.pattern]
    return "\n".join([*rules, *backs])


STYLE = f"""
svg{{background:{PAPER};max-width:100%}}
text{{font-family:{FONTS};font-size:{TEXT_SIZE}px;fill:{INK};font-variant-numeric:tabular-nums}}
.paper{{fill:{PAPER}}}
.title{{font-size:{TITLE_SIZE}px;font-weight:700}}
.sub,.head{{fill:{MUTED}}}
.head,.small,.tick{{font-size:{SMALL_SIZE}px}}
.small,.tick{{fill:{MUTED}}}
.value{{font-weight:600}}
.end{{text-anchor:end}}
.middle{{text-anchor:middle}}
.grid{{stroke:{GRID};stroke-width:1}}
.base{{stroke:{INK};stroke-width:1}}
.missing{{fill:none;stroke:{MUTED};stroke-width:1;stroke-dasharray:2 3}}
.empty{{fill:none;stroke:{GRID};stroke-width:1}}
.line{{fill:none;stroke:#0072b2;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}}
.dot{{fill:#0072b2}}
.earlier{{fill:{PAPER};stroke:#0072b2;stroke-width:1.5}}
.prior{{fill:none;stroke:#b35900;stroke-width:2;stroke-dasharray:5 4}}
.prior-dot{{fill:#b35900}}
.halo{{stroke:{PAPER};stroke-width:4;stroke-linejoin:round;paint-order:stroke}}
.on{{stroke-width:5;stroke-linejoin:round;paint-order:stroke;font-size:{SMALL_SIZE}px}}
.part{{stroke:{PAPER};stroke-width:1}}
.hatch{{fill:none;stroke:{PATTERN_INK};stroke-width:.8}}
{_fill_rules()}
@media screen and (prefers-color-scheme:dark){{
svg{{background:{DARK_PAPER}}}
text{{fill:{DARK_INK}}}
.sub,.head,.small,.tick{{fill:{DARK_MUTED}}}
.paper,.earlier{{fill:{DARK_PAPER}}}
.grid,.empty{{stroke:{DARK_GRID}}}
.base{{stroke:{DARK_INK}}}
.missing{{stroke:{DARK_MUTED}}}
.line,.earlier{{stroke:#56b4e9}}
.dot{{fill:#56b4e9}}
.prior{{stroke:#e69f00}}
.prior-dot{{fill:#e69f00}}
.halo,.part{{stroke:{DARK_PAPER}}}
.s1{{fill:#3a95d0}}
.on-s1{{fill:{BLACK}}}
}}
@media print{{svg{{background:none}}.paper{{fill:none}}}}
"""


def content_security_policy() -> str:
    """Return the `Content-Security-Policy` of a picture, which allows only the picture's own style."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"

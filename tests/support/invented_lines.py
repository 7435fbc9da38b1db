"""An invented city: its official list, and readers' inputs made from short strings."""

from __future__ import annotations

from datetime import date

from app.parser.records import Area, IssueContext, Line, ReadResult

AREAS = (
    Area("990100", "云州市", "city", None),
    Area("990101", "东溪区", "district", "990100"),
    Area("990102", "西岭区", "district", "990100"),
    Area("990121", "南浦县", "county", "990100"),
    Area("990181", "北港市", "county_level_city", "990100"),
    Area("zone-haixinchanyejijuqu", "海新产业集聚区", "functional_zone", "990100"),
    Area("zone-yunzhoujingkaiqu", "云州经开区", "functional_zone", "990100"),
    Area("990101001", "柳塘街道", "street", "990101"),
    Area("990101002", "清塍街道", "street", "990101"),
    Area("990102001", "松桥街道", "street", "990102"),
    Area("990102002", "新城街道", "street", "990102"),
    Area("990121101", "白石镇", "town", "990121"),
    Area("990121102", "新城街道", "street", "990121"),
    Area("990181001", "江湾街道", "street", "990181"),
)


def context(document_id: str | None = "yunzhengban-2022-7", issue_id: str = "2022-03") -> IssueContext:
    """Return what a reader knows of the invented issue of March 2022."""
    return IssueContext(issue_id, date(2022, 4, 20), AREAS, document_id)


def lines(text: str, first: int = 1) -> list[Line]:
    """Return numbered lines; in a sample, `|` between cells stands for a tab."""
    return [Line(number, part.replace("|", "\t")) for number, part in enumerate(text.strip("\n").split("\n"), first)]


def is_accounted(reading: ReadResult, source: list[Line]) -> bool:
    """Tell whether each non-blank line is either read or unread, and no other line is."""
    nonblank = {line.number for line in source if line.text.strip()}
    unread = {item.line for item in reading.unread}
    return not reading.read_lines & unread and nonblank <= reading.read_lines | unread <= {
        line.number for line in source
    }

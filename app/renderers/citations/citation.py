"""How a row is cited: which kind of thing, whose, what it is called, where it was printed, where it stands now."""

from dataclasses import dataclass

from app.model.dataset import Dataset
from app.model.rows import Record
from app.renderers.captions import issue_title

GENRES = {"documents": "regulation", "issues": "periodical", "briefs": "article-magazine"}
"""CSL types of the datasets whose rows are no data; the part of a document is cited as the document's kind."""
PARTS = ("provisions",)


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to one row. Days are ISO 8601; there is no day of access, for the service has no clock of yours."""

    key: str
    genre: str
    """A type of the Citation Style Language."""
    title: str
    kind: str
    """What it is, in Chinese: 通知, 经济指标数据."""
    author: str | None
    number: str | None
    issued: str | None
    """The day on which it was signed, else published."""
    gazette: str | None
    gazette_title: str | None
    year: str | None
    issue: str | None
    volume: str | None
    """The serial number of the issue."""
    pages: tuple[int, ...]
    publisher: str | None
    place: str
    """Table and row, or the number of a provision, where there are any."""
    url: str


def cite(
    dataset: Dataset, row: Record, title: str, url: str, issue: Record | None, document: Record | None
) -> Citation:
    """The citation of a row; `issue` printed it or is what it is about, `document` is the one that it is part of."""
    source = row["source"] or {}
    about = row if dataset.name == "documents" else document or {}
    seen = row if dataset.name == "issues" else issue or {}
    # What this service counts or logs is about an issue, but was not printed in it and is not its publisher's word.
    printed = {} if dataset.provenance else seen
    genre = "regulation" if dataset.name in PARTS else GENRES.get(dataset.name, "dataset")
    whole = dataset.name == "issues"
    day = about.get("signed_on") if genre == "regulation" else row.get("at")
    page_from, page_to = source.get("page_from"), source.get("page_to")
    return Citation(
        key=f"{dataset.name}:{row['id']}",
        genre=genre,
        title=title,
        kind=kind_of(dataset, about) if genre == "regulation" else dataset.title_zh,
        author=(about.get("issuer") if genre == "regulation" else None) or printed.get("publisher"),
        number=about.get("document_number") if genre == "regulation" else None,
        issued=day or seen.get("published_on"),
        gazette=issue_title(seen) if seen else None,
        gazette_title=printed.get("title") if printed and not whole else None,
        year=text(printed.get("year")),
        issue=text(printed.get("number")),
        volume=text(printed.get("cumulative_number")),
        pages=tuple(dict.fromkeys(page for page in (page_from, page_to) if page)) if printed and not whole else (),
        publisher=printed.get("publisher"),
        place=place_of(source),
        url=url,
    )


def kind_of(dataset: Dataset, document: Record) -> str:
    """The type of a document in Chinese."""
    spec = dataset.by_name.get("document_type")
    labels = {member.value: member.label_zh for member in spec.fact.enum} if spec and spec.fact.enum else {}
    return labels.get(document.get("document_type", ""), dataset.title_zh)


def place_of(source: Record) -> str:
    """`表：…，第3行`, where a row was read from a table."""
    table, row = source.get("table"), source.get("row")
    words = [f"表：{table}" if table else "", f"第{row}行" if row else ""]
    return "，".join(filter(None, words))


def text(value: object) -> str | None:
    """A number as text."""
    return None if value is None else str(value)

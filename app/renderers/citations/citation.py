"""The citation of a row: what it is, who issued it, where it was printed and where it is now."""

from dataclasses import dataclass

from app.model.dataset import Dataset
from app.model.rows import Record
from app.renderers.captions import issue_title

GENRES = {"documents": "regulation", "issues": "periodical", "briefs": "article-magazine"}
"""CSL types of the datasets whose rows are not data. A part of a document is cited as the document is."""
DOCUMENT_PARTS = ("provisions",)


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to one row. Days are ISO 8601. There is no date of access, because the service cannot know it."""

    key: str
    genre: str
    """A type of the Citation Style Language."""
    title: str
    kind: str
    """What the row is, in Chinese: 通知, 经济指标数据."""
    author: str | None
    number: str | None
    issued: str | None
    """The day of signature, else of publication."""
    gazette: str | None
    gazette_title: str | None
    year: str | None
    issue: str | None
    volume: str | None
    """The serial number of the issue."""
    pages: tuple[int, ...]
    publisher: str | None
    location: str
    """Table and row in the printed issue; empty for other rows."""
    url: str


def cite(
    dataset: Dataset, row: Record, title: str, url: str, issue: Record | None, document: Record | None
) -> Citation:
    """Return the citation of a row. `issue` printed it or is its subject; `document` is the one that it is part of."""
    source = row["source"] or {}
    about = row if dataset.name == "documents" else document or {}
    issue_row = row if dataset.name == "issues" else issue or {}
    # Rows that the service counts or logs itself are about an issue; nobody printed or published them.
    printed = {} if dataset.provenance else issue_row
    genre = "regulation" if dataset.name in DOCUMENT_PARTS else GENRES.get(dataset.name, "dataset")
    is_issue = dataset.name == "issues"
    day = about.get("signed_on") if genre == "regulation" else row.get("at")
    page_from, page_to = source.get("page_from"), source.get("page_to")
    maker = about.get("issuer") if genre == "regulation" else source.get("compiled_by")
    return Citation(
        key=f"{dataset.name}:{row['id']}",
        genre=genre,
        title=title,
        kind=document_type_label(dataset, about) if genre == "regulation" else dataset.title_zh,
        author=maker or printed.get("publisher"),
        number=about.get("document_number") if genre == "regulation" else None,
        issued=day or issue_row.get("published_on"),
        gazette=issue_title(issue_row) if issue_row else None,
        gazette_title=printed.get("title") if printed and not is_issue else None,
        year=_optional_text(printed.get("year")),
        issue=_optional_text(printed.get("number")),
        volume=_optional_text(printed.get("cumulative_number")),
        pages=tuple(dict.fromkeys(page for page in (page_from, page_to) if page)) if printed and not is_issue else (),
        publisher=printed.get("publisher"),
        location=printed_location(source),
        url=url,
    )


def document_type_label(dataset: Dataset, document: Record) -> str:
    """Return the type of a document in Chinese."""
    spec = dataset.fields_by_name.get("document_type")
    labels = {member.value: member.label_zh for member in spec.info.enum} if spec and spec.info.enum else {}
    return labels.get(document.get("document_type", ""), dataset.title_zh)


def printed_location(source: Record) -> str:
    """Return `表：…，第3行` for a row that was read from a table, else an empty string."""
    table, row = source.get("table"), source.get("row")
    parts = [f"表：{table}" if table else "", f"第{row}行" if row else ""]
    return "，".join(filter(None, parts))


def _optional_text(value: object) -> str | None:
    return None if value is None else str(value)

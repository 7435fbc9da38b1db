"""Citations of any text."""

from hypothesis import given
from hypothesis import strategies as st

from app.model.rows import from_json
from app.renderers.citations.bibtex import write_bibtex
from app.renderers.citations.citation import Citation
from app.renderers.citations.csl_json import write_csl
from app.renderers.citations.ris import write_ris
from tests.support.bibtex import plain


def made(text: str) -> Citation:
    return Citation(
        key="events:1",
        genre="dataset",
        title=text,
        kind="记事",
        author=text,
        number=None,
        issued="2021-05-06",
        gazette=text,
        gazette_title=text,
        year="2021",
        issue="5",
        volume=None,
        pages=(7,),
        publisher=text,
        location="",
        url="http://127.0.0.1:8000/v1/events/1",
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip()))
def test_no_text_breaks_a_citation(text: str) -> None:
    shown = " ".join("".join(char if char >= " " or char in "\t\n\r" else "\ufffd" for char in text).split())
    shown = shown.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    if not shown:
        return
    citation = made(text)
    bib = write_bibtex(citation).decode()
    [title] = [line for line in bib.split("\n") if line.startswith("  title = ")]
    assert plain(title.removeprefix("  title = {{").removesuffix("}},")) == shown
    assert len(bib.split("\n")) == bib.count(" = {") + 3
    lines = write_ris(citation).decode().split("\r\n")
    assert all(line[2:6] == "  - " for line in lines if line)
    assert f"TI  - {shown}" in lines
    [item] = from_json(b'{"list":%b}' % write_csl(citation))["list"]
    assert item["title"] == text

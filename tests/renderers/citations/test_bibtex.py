"""BibTeX entries."""

from app.renderers.citations.bibtex import write_bibtex
from app.renderers.citations.citation import Citation
from tests.support.bibtex import entry_of, plain


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


def test_braces_and_special_characters_survive_bibtex() -> None:
    text = "甲{乙}$1 & 50% #_~^\\ end"
    entry = entry_of(write_bibtex(made(text)).decode())
    assert plain(entry.fields["title"].removeprefix("{").removesuffix("}")) == text

"""Links with one more parameter are put together from what stands around its value."""

from hypothesis import given
from hypothesis import strategies as st

from app.renderers.site.addresses import PageAddresses, without
from app.renderers.site.language import LANGUAGES, Language
from app.renderers.urls import quote_query

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    pairs=st.lists(st.tuples(st.sampled_from(("district", "q", "name__has")), TEXTS), max_size=3),
    value=TEXTS,
    language=st.sampled_from(LANGUAGES),
)
def test_around_value_makes_the_link_that_page_makes(
    pairs: list[tuple[str, str]], value: str, language: Language
) -> None:
    addresses = PageAddresses("https://data.example.org/gazette", language)
    before, after = addresses.around_value("/events", pairs, "name__has")
    expected = addresses.page("/events", [*without(pairs, "name__has"), ("name__has", value)])
    assert f"{before}{quote_query(value)}{after}" == expected

"""Texts and plain links are decided when a template is compiled, and pages say the same as if they were not."""

import pytest

from app.renderers.site.addresses import PageAddresses
from app.renderers.site.language import Language
from app.renderers.site.templates import environment

BASE = "https://data.example.org/gazette"


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("{{ text('行', 'rows') }}", "行", "rows"),
        ("{{ text('甲<乙', 'a & b') }}", "甲&lt;乙", "a &amp; b"),
        ("{{ base }}/docs", "/gazette/docs", "/gazette/docs"),
        ("{{ to.page('/about') }}", "/gazette/about", "/gazette/about?lang=en"),
        ("{% if language == 'zh' %}中{% else %}en{% endif %}", "中", "en"),
        ("{{ text('第%d行' % n, 'row %d' % n) }}", "第3行", "row 3"),
        ("{% set each = text('、', ', ') %}{{ ['a', 'b'] | join(each) }}", "a、b", "a, b"),
        ("{{ to.page('/documents/' + name) }}", "/gazette/documents/x", "/gazette/documents/x?lang=en"),
    ],
)
def test_a_template_says_its_text_in_the_language_of_its_environment(source: str, chinese: str, english: str) -> None:
    expected: dict[Language, str] = {"zh": chinese, "en": english}
    for language, text in expected.items():
        jinja = environment(PageAddresses(BASE, language))
        assert jinja.from_string(source).render(n=3, name="x") == text


@pytest.mark.parametrize("source", ["{{ text('行', 'rows') }}", "{{ to.page('/about') }}", "{{ base }}"])
def test_what_is_known_is_not_looked_up_again(source: str) -> None:
    code = environment(PageAddresses(BASE, "en")).compile(source, raw=True)
    assert "resolve(" not in code

"""Feeds of any text."""

from app.datasets import DATASETS
from app.model.rows import Record
from app.renderers.feeds.atom import write_atom
from app.renderers.feeds.entry_content import render_content
from app.renderers.feeds.feed import Entry, Feed, Link, build_identifier
from app.renderers.feeds.json_feed import write_json_feed
from tests.support.feeds import ATOM, valid_atom, valid_json_feed


def test_no_text_breaks_a_feed() -> None:
    text = "甲\x00\x0b<b>&\ufffe]]>\"'"
    row: Record = {"id": "1", "notes": text, "date": "2021-05-06", "activity": text, "participants": [{"name": text}]}
    told = render_content(DATASETS["events"], row, {})
    assert "\x00" not in told
    assert "<b>" not in told
    link = Link("self", "http://127.0.0.1:8000/v1/events.atom", "application/atom+xml")
    entry = Entry(
        build_identifier("events", "1"),
        text,
        "http://127.0.0.1:8000/v1/events/1",
        "2021-06-20",
        None,
        text,
        told,
        text,
        ("events", "政府记事"),
        [],
    )
    feed = Feed(
        build_identifier("events"), text, text, "2021-06-20", text, "http://127.0.0.1:8000/v1/events", [link], [entry]
    )
    root = valid_atom(write_atom(feed))
    assert root.findtext("a:entry/a:title", namespaces=ATOM) == "甲\ufffd\ufffd<b>&\ufffd]]>\"'"
    assert valid_json_feed(write_json_feed(feed))["items"][0]["title"] == text

"""Feeds of what is new: Atom and JSON Feed."""

from collections.abc import Callable, Mapping

from app.renderers.feeds.atom import write_atom
from app.renderers.feeds.feed import Feed
from app.renderers.feeds.json_feed import write_json_feed

WRITERS: Mapping[str, Callable[[Feed], bytes]] = {"atom": write_atom, "feed": write_json_feed}
"""Writers by the names in `representations.FEEDS`."""

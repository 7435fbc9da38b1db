"""The gazette parser: an issue's text in, plain records with spans out.

The entry is `parse`; `NotAGazette` is the only error that it raises.
Nothing in this package reads a file, a clock, a session or the network.
"""

from app.gazette.masthead import NotAGazette
from app.gazette.parse import Parsed, parse

__all__ = ["NotAGazette", "Parsed", "parse"]

"""The gazette parser: an issue's text in, plain records with spans out.

The entry is `parse`; `NotAGazette` is the only error that it raises.
Nothing in this package reads a file, a clock, a session or the network.
"""

from app.parser.parse import Parsed, parse
from app.parser.structure.masthead import NotAGazette

__all__ = ["NotAGazette", "Parsed", "parse"]

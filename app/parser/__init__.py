"""The gazette parser: the text of an issue in, plain records with their spans out.

`parse` is the entry point, `NotAGazetteError` the only error that it raises. Nothing in this package
reads a file, the clock, a database or the network.
"""

from app.parser.parse import ParsedIssue, parse
from app.parser.structure.issue_identity import NotAGazetteError

__all__ = ["NotAGazetteError", "ParsedIssue", "parse"]

"""NDJSON answers: one JSON object a line, every matching row."""

from collections.abc import Sequence

from app.model.rows import from_json, project, to_json
from app.renderers.tabular.formats import Plan


class NdjsonWriter:
    """Hands out the objects rendered at load, cut to the members wanted."""

    form = "row_json"

    def __init__(self, plan: Plan) -> None:
        self.members = plan.members

    def head(self) -> bytes:
        """Nothing: the format has no heading."""
        return b""

    def piece(self, rows: Sequence[bytes]) -> bytes:
        """The lines of some rows."""
        members = self.members
        if members is not None:
            rows = [to_json(project(from_json(row), members)).encode() for row in rows]
        return b"\n".join(rows) + b"\n" if rows else b""

"""The rows of tables as HTML, kept in memory for one revision of the data."""

from collections.abc import Hashable

from app.renderers.site.cells import TableRow

MAX_BYTES = 4 << 20
ENTRY_OVERHEAD_BYTES = 400
"""Estimated size of a row without its texts."""


class TableRowCache:
    """Rows by what a table shows of them and their JSON. `endpoints.pages.table` fills it.

    The same rows stand on the pages of many queries. As their JSON is made once, when they are loaded, their HTML is
    made once, when they are first shown.
    """

    def __init__(self) -> None:
        self._tables: dict[Hashable, dict[bytes, TableRow]] = {}
        self._revision = ""
        self._bytes = 0

    def of_table(self, revision: str, table: Hashable) -> dict[bytes, TableRow]:
        """Return the known rows of a table for a revision, to look up."""
        if revision != self._revision or self._bytes > MAX_BYTES:
            self._tables, self._revision, self._bytes = {}, revision, 0
        if table not in self._tables:
            self._tables[table] = {}
            self._bytes += ENTRY_OVERHEAD_BYTES
        return self._tables[table]

    def add(self, known: dict[bytes, TableRow], row_json: bytes, row: TableRow) -> None:
        """Add a row to those of a table."""
        known[row_json] = row
        # Chinese takes two bytes a character in memory.
        self._bytes += len(row_json) + 2 * sum(map(len, row)) + ENTRY_OVERHEAD_BYTES

"""The names of rows, kept in memory for one revision of the data."""

from app.renderers.row_names import RowName

MAX_NAMES = 50_000


class RowNameCache:
    """Names by dataset and id. `endpoints.related.fetch_names` fills it."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], RowName] = {}
        self._revision = ""

    def of_revision(self, revision: str) -> dict[tuple[str, str], RowName]:
        """Return the names that are known for a revision, to look up and to add to."""
        if revision != self._revision or len(self._names) > MAX_NAMES:
            self._names, self._revision = {}, revision
        return self._names

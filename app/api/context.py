"""What endpoints need: the data, the settings, the time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.api.row_name_cache import RowNameCache
from app.api.table_row_cache import TableRowCache
from app.http.file_cache import FileCache
from app.query.params.parse_cache import ParseCache
from app.query.repository import Repository
from app.renderers.site.linkset import ServiceLink
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class AppContext:
    """Made once by `create_app` and handed to every endpoint."""

    repository: Repository
    settings: Settings
    today: Callable[[], date]
    """The current day in Asia/Shanghai."""
    now: Callable[[], datetime]
    parse_cache: ParseCache
    file_cache: FileCache
    service_links: Sequence[ServiceLink] = ()
    """Every address that needs no id, for the home page and the API catalogue."""
    row_names: RowNameCache = field(default_factory=RowNameCache)
    table_rows: TableRowCache = field(default_factory=TableRowCache)

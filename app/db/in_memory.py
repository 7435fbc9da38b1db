"""A database in memory, for counting on a package that no database holds yet."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app.db.engine import migrate


@contextmanager
def scratch() -> Iterator[sa.Connection]:
    """A migrated SQLite database in memory, inside one transaction; it is gone afterwards."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        migrate(engine)
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()

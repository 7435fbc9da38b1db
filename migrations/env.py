"""The environment of Alembic: run migrations on the caller's connection, or on the database of the settings."""

import subprocess
import sys
from importlib.util import find_spec
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.script import write_hooks
from sqlmodel import SQLModel

import app.datasets
import app.db.data_state  # these three modules fill SQLModel's metadata
import app.db.fulltext_index
from app.db.engine import open_engine
from app.model.column_types import StoredType
from app.settings import Settings


def render_item(kind: str, item: object, autogen_context: object) -> str | Literal[False]:  # noqa: ARG001
    """Render stored column types by their names in the template, so that migrations do not depend on app code."""
    if kind == "type" and isinstance(item, StoredType):
        return "INTEGER" if isinstance(item.impl_instance, sa.BigInteger) else "TEXT"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:  # noqa: ARG001
    """Return whether to compare a table: not those of the full-text index, which differ between the databases."""
    return kind != "table" or not (name or "").startswith(app.db.fulltext_index.INDEX_TABLE)


def type_differs(
    context: object,  # noqa: ARG001
    inspected_column: object,  # noqa: ARG001
    column: object,  # noqa: ARG001
    inspected_type: object,
    declared_type: object,
) -> bool | None:
    """Return whether a column's type differs from the declared one. All stored types are text or integer."""
    if not isinstance(declared_type, StoredType):
        return None
    return not isinstance(
        inspected_type, sa.Integer if isinstance(declared_type.impl_instance, sa.BigInteger) else sa.Text
    )


@write_hooks.register("ruff")
def format_revision(path: str, options: dict[str, Any]) -> None:  # noqa: ARG001
    """Fix and format a new migration, if ruff is installed."""
    if find_spec("ruff") is not None:
        subprocess.run([sys.executable, "-m", "ruff", "check", "--fix-only", "--quiet", path], check=False)
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=False)


def run_migrations(connection: object) -> None:
    """Run the current command of Alembic on a connection."""
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        include_name=include_name,
        compare_type=type_differs,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


callers_connection = context.config.attributes.get("connection")
if callers_connection is not None:
    run_migrations(callers_connection)
else:
    with open_engine(Settings.from_environment().database_url) as engine, engine.connect() as connection:
        run_migrations(connection)
        connection.commit()

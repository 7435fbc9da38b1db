"""Alembic's entry: runs migrations on the connection that the caller hands over."""

import os
from typing import Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import app.datasets
import app.db.data_state  # all three fill SQLModel's metadata
import app.db.fulltext_index
from app.db.engine import engine_for
from app.model.column_types import Stored
from app.settings import Settings


def render_item(kind: str, item: object, autogen_context: object) -> str | Literal[False]:  # noqa: ARG001
    """Column types by their names in the migration template, free of the application's code."""
    if kind == "type" and isinstance(item, Stored):
        return "INTEGER" if isinstance(item.impl_instance, sa.BigInteger) else "TEXT"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:  # noqa: ARG001
    """Leaves out the full-text index, whose tables the databases make each in their own way."""
    return kind != "table" or not (name or "").startswith(app.db.fulltext_index.INDEX)


def differs(context: object, found: object, column: object, there: object, declared: object) -> bool | None:  # noqa: ARG001
    """Whether a column's type is another than declared; of the stored types there are but two, text and integer."""
    if not isinstance(declared, Stored):
        return None
    return not isinstance(there, sa.Integer if isinstance(declared.impl_instance, sa.BigInteger) else sa.Text)


def run(connection: object) -> None:
    """Run what alembic was asked to on a connection."""
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        include_name=include_name,
        compare_type=differs,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    with engine_for(Settings.from_environment(os.environ).database_url) as engine, engine.connect() as connection:
        run(connection)
        connection.commit()

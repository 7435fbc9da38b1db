"""full text

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.db.fulltext_index import CREATE_INDEX_SQL, INDEX_TABLE
from app.ingest.fulltext_indexing import index_all_rows

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INTEGER = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "search_rows",
        sa.Column("number", INTEGER, autoincrement=False, nullable=False),
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("row_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("title_units", INTEGER, nullable=False),
        sa.Column("names", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_search_rows_row", "search_rows", ["row_id", "dataset"], unique=True)
    for statement in CREATE_INDEX_SQL[op.get_bind().dialect.name]:
        op.execute(statement)
    index_all_rows(op.get_bind())


def downgrade() -> None:
    op.execute(f"DROP TABLE {INDEX_TABLE}")
    op.drop_index("ix_search_rows_row", table_name="search_rows")
    op.drop_table("search_rows")

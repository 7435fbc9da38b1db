"""facts for the catalogue: days, coverage, sizes and digests of each dataset

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("data_state", sa.Column("facts", TEXT, nullable=True))


def downgrade() -> None:
    op.drop_column("data_state", "facts")

"""digest of the text that an issue was read from

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("issues", sa.Column("row_text", TEXT, nullable=True))


def downgrade() -> None:
    op.drop_column("issues", "row_text")

"""unknown exceedance factors are null

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE, COLUMN = "water_sections", "exceedance_factors"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.alter_column(COLUMN, existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    op.execute(f"UPDATE {TABLE} SET {COLUMN} = '[]' WHERE {COLUMN} IS NULL")
    with op.batch_alter_table(TABLE) as table:
        table.alter_column(COLUMN, existing_type=sa.Text(), nullable=False)

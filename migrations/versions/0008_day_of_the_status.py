"""day of the status

Revision 0008, after 0007.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE data_state SET facts = NULL")  # documents get a computed field: they are rendered again


def downgrade() -> None:
    pass

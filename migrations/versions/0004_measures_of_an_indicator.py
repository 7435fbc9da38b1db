"""an index that answers groups of an indicator's measures alone

Revision 0004, after 0003.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEX = "ix_observations_measures"
COLUMNS = ["indicator_id", "area_id", "row_superseded_on", "value", "value_yoy", "cumulative", "cumulative_yoy"]


def upgrade() -> None:
    op.create_index(INDEX, "observations", COLUMNS)


def downgrade() -> None:
    op.drop_index(INDEX, "observations")

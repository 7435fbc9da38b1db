"""the index of an indicator's measures also answers what asks for months, and begins with what every question asks

Revision 0006, after 0005.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "ix_observations_measures"
MEASURES = ["value", "value_yoy", "cumulative", "cumulative_yoy"]


def upgrade() -> None:
    op.drop_index(INDEX, "observations")
    op.create_index(INDEX, "observations", ["indicator_id", "row_superseded_on", "area_id", *MEASURES, "period"])


def downgrade() -> None:
    op.drop_index(INDEX, "observations")
    op.create_index(INDEX, "observations", ["indicator_id", "area_id", "row_superseded_on", *MEASURES])

"""Daily statistics, and since when a battery is offline."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batteries", sa.Column("offline_since", sa.DateTime(timezone=True)))
    op.create_table(
        "battery_daily_statistics",
        sa.Column(
            "battery_id",
            sa.Integer,
            sa.ForeignKey("batteries.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("state_of_charge_min", sa.Float),
        sa.Column("state_of_charge_max", sa.Float),
        sa.Column("temperature_max", sa.Float),
    )


def downgrade() -> None:
    op.drop_table("battery_daily_statistics")
    op.drop_column("batteries", "offline_since")

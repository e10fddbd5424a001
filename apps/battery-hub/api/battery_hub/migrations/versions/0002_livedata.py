"""Live data of batteries."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "livedata",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column(
            "battery_id",
            sa.Integer,
            sa.ForeignKey("batteries.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.Column("state_of_charge", sa.Float),
        sa.Column("voltage", sa.Float),
        sa.Column("current", sa.Float),
        sa.Column("temperature", sa.Float),
    )
    op.create_index("ix_livedata_battery_id_recorded_at", "livedata", ["battery_id", "recorded_at"])


def downgrade() -> None:
    op.drop_table("livedata")

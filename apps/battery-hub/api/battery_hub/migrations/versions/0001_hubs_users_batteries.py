"""Hubs, users and batteries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(100), nullable=False, unique=True),
        sa.Column("email", sa.String(254), nullable=False, server_default=""),
        _created_at(),
    )
    op.create_table(
        "hubs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("is_synthetic", sa.Boolean, nullable=False, server_default=sa.false()),
        _created_at(),
    )
    op.create_table(
        "batteries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "hub_id", sa.Integer, sa.ForeignKey("hubs.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True)),
        _created_at(),
    )
    op.create_index("ix_batteries_hub_id", "batteries", ["hub_id"])


def downgrade() -> None:
    for table in ("batteries", "hubs", "users"):
        op.drop_table(table)


def _created_at() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    )

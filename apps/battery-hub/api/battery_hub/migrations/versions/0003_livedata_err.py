"""Error codes in live data."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("livedata", sa.Column("err", sa.String(255)))


def downgrade() -> None:
    op.drop_column("livedata", "err")

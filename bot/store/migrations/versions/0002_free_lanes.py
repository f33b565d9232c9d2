"""Any process may claim any lane; which processes live is told by a table."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the partition, make the leases."""
    op.drop_column("inbox", "share")
    op.create_table(
        "processes",
        sa.Column("owner", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("backend", sa.Integer, nullable=False),
        sa.Column("beat", sa.DateTime(timezone=True), nullable=False),
    )

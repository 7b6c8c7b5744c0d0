"""Where a walk stopped; one table is changed by copying it, as SQLite needs it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "plugin_walk_log_stop",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "walk_id", sa.Integer(), sa.ForeignKey("plugin_walk_log_walk.id"), nullable=False
        ),
        sa.Column("place", sa.String(), nullable=False),
    )
    with op.batch_alter_table("plugin_walk_log_walk") as walk:
        walk.add_column(sa.Column("title", sa.String(), nullable=False, server_default="A walk"))


def downgrade() -> None:
    op.drop_table("plugin_walk_log_stop")
    with op.batch_alter_table("plugin_walk_log_walk") as walk:
        walk.drop_column("title")

"""Walks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "plugin_walk_log_walk",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length", sa.Float(), nullable=True),
        sa.Column("in_rain", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=True),
    )
    op.create_index("ix_plugin_walk_log_walk_person_id", "plugin_walk_log_walk", ["person_id"])


def downgrade() -> None:
    op.drop_table("plugin_walk_log_walk")

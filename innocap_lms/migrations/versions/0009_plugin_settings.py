"""What administrators set of plugins."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'plugin_setting',
        sa.Column('plugin', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('value', sa.JSON(), nullable=False),
        sa.Column('changed_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('plugin', 'name', name=op.f('pk_plugin_setting')),
    )


def downgrade() -> None:
    op.drop_table('plugin_setting')

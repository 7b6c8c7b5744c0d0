"""Whom a list of people calls by another name."""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('people_import') as batch:
        batch.add_column(sa.Column('renaming', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('people_import') as batch:
        batch.alter_column('renaming', existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('people_import') as batch:
        batch.drop_column('renaming')

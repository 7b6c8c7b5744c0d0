"""Courses that were adopted from a plugin are given back to it."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('authored_course') as batch:
        batch.add_column(sa.Column('given_back_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    back = sa.text('SELECT count(*) FROM authored_course WHERE given_back_at IS NOT NULL')
    if op.get_bind().scalar(back):
        raise RuntimeError('Some courses were given back to their plugins: adopt them again first')
    with op.batch_alter_table('authored_course') as batch:
        batch.drop_column('given_back_at')

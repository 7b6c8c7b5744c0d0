"""Courses take back that they asked to be taken again."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('renewal_call') as batch:
        batch.add_column(sa.Column('taken_back_at', UtcDateTime(), nullable=True))
        batch.add_column(sa.Column('taken_back_by', sa.String(), nullable=True))
        batch.create_foreign_key(
            op.f('fk_renewal_call_taken_back_by_person'), 'person', ['taken_back_by'], ['id']
        )


def downgrade() -> None:
    op.execute('DELETE FROM renewal_call WHERE taken_back_at IS NOT NULL')
    with op.batch_alter_table('renewal_call') as batch:
        batch.drop_constraint(op.f('fk_renewal_call_taken_back_by_person'), type_='foreignkey')
        batch.drop_column('taken_back_by')
        batch.drop_column('taken_back_at')

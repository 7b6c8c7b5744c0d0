"""Words around the digests of managers and HR, beside those of learners."""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('notice_text') as batch:
        batch.add_column(sa.Column('reader', sa.String(), nullable=False, server_default='learner'))
        batch.drop_constraint(op.f('pk_notice_text'), type_='primary')
        batch.create_primary_key(op.f('pk_notice_text'), ['organisation_id', 'reader', 'language'])
        batch.create_check_constraint(op.f('ck_notice_text_reader'), "reader IN ('learner', 'manager', 'hr')")
    with op.batch_alter_table('notice_text') as batch:
        batch.alter_column('reader', existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM notice_text WHERE reader <> 'learner'")
    with op.batch_alter_table('notice_text') as batch:
        batch.drop_constraint(op.f('ck_notice_text_reader'), type_='check')
        batch.drop_constraint(op.f('pk_notice_text'), type_='primary')
        batch.create_primary_key(op.f('pk_notice_text'), ['organisation_id', 'language'])
        batch.drop_column('reader')

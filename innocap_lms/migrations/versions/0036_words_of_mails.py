"""Words of an organisation around invitations and what rounds tell, too."""

from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

DIGESTS = "reader IN ('learner', 'manager', 'hr')"
ALL = "reader IN ('learner', 'manager', 'hr', 'invitation', 'round')"


def upgrade() -> None:
    allow(ALL)


def downgrade() -> None:
    op.execute("DELETE FROM notice_text WHERE reader IN ('invitation', 'round')")
    allow(DIGESTS)


def allow(readers: str) -> None:
    with op.batch_alter_table('notice_text') as batch:
        batch.drop_constraint(op.f('ck_notice_text_reader'), type_='check')
        batch.create_check_constraint(op.f('ck_notice_text_reader'), readers)

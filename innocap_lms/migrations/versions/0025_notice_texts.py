"""An organisation's own words around the weekly digest."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'notice_text',
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('opening', sa.String(), nullable=False),
        sa.Column('closing', sa.String(), nullable=False),
        sa.Column('set_at', UtcDateTime(), nullable=False),
        sa.Column('set_by', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_notice_text_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_notice_text_set_by_person')),
        sa.PrimaryKeyConstraint('organisation_id', 'language', name=op.f('pk_notice_text')),
    )


def downgrade() -> None:
    op.drop_table('notice_text')

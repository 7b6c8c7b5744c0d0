"""Invitations that are sent in batches."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'invitation',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('batch', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('asked_by', sa.String(), nullable=False),
        sa.Column('send_at', UtcDateTime(), nullable=False),
        sa.Column('sent_at', UtcDateTime(), nullable=True),
        sa.Column('problem', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_invitation_asked_by_person')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_invitation_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    )
    op.create_index('ix_invitation_batch', 'invitation', ['batch'])
    op.create_index('ix_invitation_organisation_id', 'invitation', ['organisation_id'])
    on_its_way = sa.text('sent_at IS NULL AND problem IS NULL')
    op.create_index('uq_invitation_on_its_way', 'invitation', ['person_id'], unique=True, sqlite_where=on_its_way, postgresql_where=on_its_way)


def downgrade() -> None:
    op.drop_table('invitation')

"""Training that people took elsewhere and send in."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('sent', 'approved')")


def upgrade() -> None:
    op.create_table(
        'external_training',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('provider', sa.String(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('hours', sa.Double(), nullable=True),
        sa.Column('file_name', sa.String(), nullable=True),
        sa.Column('media_type', sa.String(), nullable=True),
        sa.Column('stored', sa.String(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('sent_at', UtcDateTime(), nullable=False),
        sa.Column('decided_at', UtcDateTime(), nullable=True),
        sa.Column('decided_by', sa.String(), nullable=True),
        sa.Column('reason', sa.String(), server_default='', nullable=False),
        sa.Column('credits', sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'approved', 'refused', 'withdrawn')", name=op.f('ck_external_training_state')
        ),
        sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_external_training_decided_by_person')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_external_training_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_external_training_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_external_training')),
    )
    op.create_index(op.f('ix_external_training_person_id'), 'external_training', ['person_id'])
    op.create_index('ix_external_training_state', 'external_training', ['organisation_id', 'state', 'sent_at'])
    op.create_index(
        'uq_external_training_once', 'external_training', ['person_id', 'organisation_id', 'title', 'day'],
        unique=True, sqlite_where=OPEN, postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table('external_training')

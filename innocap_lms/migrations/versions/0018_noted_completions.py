"""Completions that HR notes, each once."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

EARNED = ('enrolment_id', 'edition_id')


def upgrade() -> None:
    with op.batch_alter_table('completion') as batch:
        for name in EARNED:
            batch.alter_column(name, existing_type=sa.String(), nullable=True)
        batch.add_column(sa.Column('noted_by', sa.String(), nullable=True))
        batch.create_foreign_key(op.f('fk_completion_noted_by_person'), 'person', ['noted_by'], ['id'])
        batch.create_check_constraint(
            op.f('ck_completion_earned_or_noted'),
            'noted_by IS NOT NULL OR (enrolment_id IS NOT NULL AND edition_id IS NOT NULL)',
        )
    op.create_table(
        'noted',
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('about', sa.String(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('completion_id', sa.String(), nullable=False),
        sa.Column('withdrawn_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_noted_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_noted_person_id_person')),
        sa.PrimaryKeyConstraint('organisation_id', 'person_id', 'about', 'day', name=op.f('pk_noted')),
        sa.UniqueConstraint('completion_id', name=op.f('uq_noted_completion_id')),
    )


def downgrade() -> None:
    # An older version knows completions of its own courses alone.
    noted = sa.text('SELECT count(*) FROM completion WHERE noted_by IS NOT NULL')
    if op.get_bind().scalar(noted):
        raise RuntimeError('a completion was noted by hand: restore a backup from before instead')
    op.drop_table('noted')
    with op.batch_alter_table('completion') as batch:
        batch.drop_constraint(op.f('ck_completion_earned_or_noted'), type_='check')
        batch.drop_constraint(op.f('fk_completion_noted_by_person'), type_='foreignkey')
        batch.drop_column('noted_by')
        for name in EARNED:
            batch.alter_column(name, existing_type=sa.String(), nullable=False)

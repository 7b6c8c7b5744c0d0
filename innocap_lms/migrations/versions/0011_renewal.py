"""Courses that are taken again, to renew what was earned."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('enrolment') as batch:
        batch.add_column(sa.Column('renewed_at', UtcDateTime(), nullable=True))
        batch.drop_constraint('uq_enrolment_person_id_course_id', type_='unique')
        batch.create_index('ix_enrolment_person_id_course_id', ['person_id', 'course_id'])
    op.create_index(
        'uq_enrolment_current', 'enrolment', ['person_id', 'course_id'], unique=True,
        sqlite_where=sa.text('renewed_at IS NULL'), postgresql_where=sa.text('renewed_at IS NULL'),
    )


    op.create_table(
        'renewal_call',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('edition_id', sa.String(), nullable=False),
        sa.Column('called_at', UtcDateTime(), nullable=False),
        sa.Column('called_by', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_renewal_call_edition_id_edition')),
        sa.ForeignKeyConstraint(['called_by'], ['person.id'], name=op.f('fk_renewal_call_called_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_renewal_call')),
    )
    op.create_index(op.f('ix_renewal_call_course_id'), 'renewal_call', ['course_id'])


def downgrade() -> None:
    # An older version knows a person once in a course.
    again = sa.text('SELECT count(*) FROM enrolment WHERE renewed_at IS NOT NULL')
    if op.get_bind().scalar(again):
        raise RuntimeError('somebody has taken a course again: restore a backup from before instead')
    op.drop_table('renewal_call')
    op.drop_index('uq_enrolment_current', table_name='enrolment')
    with op.batch_alter_table('enrolment') as batch:
        batch.drop_index('ix_enrolment_person_id_course_id')
        batch.create_unique_constraint('uq_enrolment_person_id_course_id', ['person_id', 'course_id'])
        batch.drop_column('renewed_at')

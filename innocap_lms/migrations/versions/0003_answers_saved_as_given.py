"""Answers are saved as they are given; responses, allowances, remedies, inquiries."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('remedy',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('course_id', sa.String(), nullable=False),
    sa.Column('quiz_id', sa.String(), nullable=False),
    sa.Column('question_id', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('accepted', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=False),
    sa.CheckConstraint("how IN ('accept_all', 'accept', 'drop')", name=op.f('ck_remedy_how')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name='fk_remedy_decided_by_person'),
    sa.PrimaryKeyConstraint('id', name='pk_remedy'),
    sa.UniqueConstraint('course_id', 'quiz_id', 'question_id', 'fingerprint', name='uq_remedy_course_id_quiz_id_question_id_fingerprint')
    )
    op.create_table('allowance',
    sa.Column('enrolment_id', sa.String(), nullable=False),
    sa.Column('quiz_id', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name='fk_allowance_enrolment_id_enrolment'),
    sa.PrimaryKeyConstraint('enrolment_id', 'quiz_id', name='pk_allowance')
    )
    op.create_table('inquiry',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('enrolment_id', sa.String(), nullable=False),
    sa.Column('track', sa.String(), nullable=False),
    sa.Column('course_id', sa.String(), nullable=False),
    sa.Column('quiz_id', sa.String(), nullable=False),
    sa.Column('edition_id', sa.String(), nullable=False),
    sa.Column('attempt_id', sa.String(), nullable=True),
    sa.Column('question_id', sa.String(), nullable=True),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("about IN ('fault', 'help', 'attempt')", name=op.f('ck_inquiry_about')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name='fk_inquiry_answered_by_person'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name='fk_inquiry_attempt_id_attempt'),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name='fk_inquiry_edition_id_edition'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name='fk_inquiry_enrolment_id_enrolment'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name='fk_inquiry_person_id_person'),
    sa.PrimaryKeyConstraint('id', name='pk_inquiry'),
    sa.UniqueConstraint('key', name='uq_inquiry_key')
    )
    op.create_index('ix_inquiry_person_id', 'inquiry', ['person_id'])
    op.create_index('ix_inquiry_track_answered_at', 'inquiry', ['track', 'answered_at'])
    op.create_table('response',
    sa.Column('attempt_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('item', sa.BigInteger(), nullable=False),
    sa.Column('chosen', sa.String(), nullable=False),
    sa.Column('share', sa.Double(), nullable=True),
    sa.Column('rest', sa.Double(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name='fk_response_attempt_id_attempt'),
    sa.PrimaryKeyConstraint('attempt_id', 'position', name='pk_response')
    )
    op.create_index('ix_response_item', 'response', ['item', 'chosen', 'share', 'rest', 'seconds'])
    op.add_column('attempt', sa.Column('due_at', UtcDateTime(), nullable=True))
    op.add_column('attempt', sa.Column('revision', sa.Integer(), server_default='0', nullable=False))
    op.add_column('attempt', sa.Column('saved', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('attempt', sa.Column('saved_at', UtcDateTime(), nullable=True))
    op.add_column('attempt', sa.Column('counting', sa.Boolean(), server_default=sa.text('true'), nullable=False))
    under_way = sa.text('submitted_at IS NULL AND due_at IS NOT NULL')
    op.create_index('ix_attempt_due_at', 'attempt', ['due_at'], sqlite_where=under_way, postgresql_where=under_way)


def downgrade() -> None:
    op.drop_index('ix_attempt_due_at', 'attempt')
    for name in ('counting', 'saved_at', 'saved', 'revision', 'due_at'):
        op.drop_column('attempt', name)
    for name in ('response', 'inquiry', 'allowance', 'remedy'):
        op.drop_table(name)

"""Rounds: courses with dates, and who is in them."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

TABLES = (
    'round_help', 'round_attendance', 'round_waiting', 'round_session', 'round_organisation',
    'round_enrolment', 'round',
)


def upgrade() -> None:
    op.create_table(
        'round',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('track', sa.String(), nullable=False),
        sa.Column('organiser_id', sa.String(), nullable=False),
        sa.Column('leader_id', sa.String(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('enrol_by', sa.Date(), nullable=False),
        sa.Column('seats', sa.Integer(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('created_by', sa.String(), nullable=False),
        sa.Column('cancelled_at', UtcDateTime(), nullable=True),
        sa.Column('cancelled_because', sa.String(), nullable=True),
        sa.CheckConstraint('first_day <= last_day AND enrol_by <= last_day', name=op.f('ck_round_days')),
        sa.CheckConstraint('seats > 0', name=op.f('ck_round_seats')),
        sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_round_created_by_person')),
        sa.ForeignKeyConstraint(['leader_id'], ['person.id'], name=op.f('fk_round_leader_id_person')),
        sa.ForeignKeyConstraint(['organiser_id'], ['organisation.id'], name=op.f('fk_round_organiser_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    )
    op.create_index(op.f('ix_round_course_id'), 'round', ['course_id'])
    op.create_index('ix_round_last_day', 'round', ['last_day'])
    op.create_index(op.f('ix_round_leader_id'), 'round', ['leader_id'])
    op.create_index(op.f('ix_round_organiser_id'), 'round', ['organiser_id'])
    op.create_table(
        'round_enrolment',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('round_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('unit_id', sa.String(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('ground', sa.String(), nullable=False),
        sa.Column('provision', sa.String(), nullable=False),
        sa.Column('answer_by', sa.Date(), nullable=True),
        sa.Column('changed_at', UtcDateTime(), nullable=False),
        sa.Column('joined_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint("ground IN ('own', 'manager', 'hr', 'employer', 'law')", name=op.f('ck_round_enrolment_ground')),
        sa.CheckConstraint("state IN ('invited', 'enrolled', 'in_progress', 'completed', 'failed', 'withdrawn', 'cancelled', 'expired')", name=op.f('ck_round_enrolment_state')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_round_enrolment_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_round_enrolment_person_id_person')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_enrolment_round_id_round')),
        sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_round_enrolment_unit_id_unit')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_round_enrolment')),
        sa.UniqueConstraint('round_id', 'person_id', name=op.f('uq_round_enrolment_round_id_person_id')),
    )
    op.create_index(op.f('ix_round_enrolment_person_id'), 'round_enrolment', ['person_id'])
    op.create_table(
        'round_organisation',
        sa.Column('round_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_round_organisation_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_organisation_round_id_round')),
        sa.PrimaryKeyConstraint('round_id', 'organisation_id', name=op.f('pk_round_organisation')),
    )
    op.create_index(op.f('ix_round_organisation_organisation_id'), 'round_organisation', ['organisation_id'])
    op.create_table(
        'round_session',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('round_id', sa.String(), nullable=False),
        sa.Column('starts_at', UtcDateTime(), nullable=False),
        sa.Column('ends_at', UtcDateTime(), nullable=False),
        sa.Column('zone', sa.String(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('mode', sa.String(), nullable=False),
        sa.Column('place', sa.String(), nullable=False),
        sa.Column('link', sa.String(), nullable=False),
        sa.CheckConstraint("mode IN ('on_site', 'online', 'both')", name=op.f('ck_round_session_mode')),
        sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_round_session_order')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_session_round_id_round')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_round_session')),
    )
    op.create_index(op.f('ix_round_session_round_id'), 'round_session', ['round_id'])
    op.create_table(
        'round_waiting',
        sa.Column('round_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('since', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_round_waiting_person_id_person')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_waiting_round_id_round')),
        sa.PrimaryKeyConstraint('round_id', 'person_id', name=op.f('pk_round_waiting')),
    )
    op.create_index(op.f('ix_round_waiting_person_id'), 'round_waiting', ['person_id'])
    op.create_table(
        'round_attendance',
        sa.Column('session_id', sa.String(), nullable=False),
        sa.Column('enrolment_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('unit_id', sa.String(), nullable=True),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('confirmed_at', UtcDateTime(), nullable=False),
        sa.Column('confirmed_by', sa.String(), nullable=False),
        sa.CheckConstraint('minutes >= 0', name=op.f('ck_round_attendance_minutes')),
        sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_round_attendance_confirmed_by_person')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['round_enrolment.id'], name=op.f('fk_round_attendance_enrolment_id_round_enrolment')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_round_attendance_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_round_attendance_person_id_person')),
        sa.ForeignKeyConstraint(['session_id'], ['round_session.id'], name=op.f('fk_round_attendance_session_id_round_session')),
        sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_round_attendance_unit_id_unit')),
        sa.PrimaryKeyConstraint('session_id', 'enrolment_id', name=op.f('pk_round_attendance')),
    )
    op.create_index('ix_round_attendance_day', 'round_attendance', ['organisation_id', 'day'])
    op.create_index(op.f('ix_round_attendance_person_id'), 'round_attendance', ['person_id'])
    op.create_table(
        'round_help',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('enrolment_id', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('answer', sa.String(), nullable=True),
        sa.Column('answered_at', UtcDateTime(), nullable=True),
        sa.Column('answered_by', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_round_help_answered_by_person')),
        sa.ForeignKeyConstraint(['enrolment_id'], ['round_enrolment.id'], name=op.f('fk_round_help_enrolment_id_round_enrolment')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_round_help')),
    )
    op.create_index(op.f('ix_round_help_enrolment_id'), 'round_help', ['enrolment_id'])


def downgrade() -> None:
    # What happened in rounds stays in the ledger.
    for name in TABLES:
        op.drop_table(name)

"""Practical tasks: cases, their files and assessors; assessors have a role, for a track or all."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# What a membership holds besides the two checks that change here: SQLite changes a check only by
# copying the table, and a copy has what is written here.
COLUMNS = ('id', 'person_id', 'organisation_id', 'unit_id', 'role', 'valid_from', 'valid_until', 'track')
MEMBERSHIP = """CREATE TABLE membership_copy (
    id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    organisation_id VARCHAR,
    unit_id VARCHAR,
    role VARCHAR NOT NULL,
    valid_from DATETIME NOT NULL,
    valid_until DATETIME,
    track VARCHAR CONSTRAINT {track} CHECK ({tracked}),
    CONSTRAINT ck_membership_manager_unit CHECK (role <> 'manager' OR unit_id IS NOT NULL),
    CONSTRAINT ck_membership_somewhere CHECK (role = 'admin' OR organisation_id IS NOT NULL),
    CONSTRAINT ck_membership_role CHECK (role IN {roles}),
    CONSTRAINT fk_membership_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_membership_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_membership_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id),
    CONSTRAINT pk_membership PRIMARY KEY (id)
)"""
BEFORE = {
    'track': 'ck_membership_trainer_track',
    'tracked': "role = 'trainer' OR track IS NULL",
    'roles': "('learner', 'trainer', 'hr', 'manager', 'admin')",
}
AFTER = {
    'track': 'ck_membership_track',
    'tracked': "role IN ('trainer', 'assessor') OR track IS NULL",
    'roles': "('learner', 'trainer', 'assessor', 'hr', 'manager', 'admin')",
}


def upgrade() -> None:
    change_checks(BEFORE, AFTER)
    op.create_table('assessor_agreement',
    sa.Column('one_id', sa.String(), nullable=False),
    sa.Column('other_id', sa.String(), nullable=False),
    sa.Column('agreed_at', UtcDateTime(), nullable=False),
    sa.CheckConstraint('one_id < other_id', name=op.f('ck_assessor_agreement_order')),
    sa.ForeignKeyConstraint(['one_id'], ['organisation.id'], name='fk_assessor_agreement_one_id_organisation'),
    sa.ForeignKeyConstraint(['other_id'], ['organisation.id'], name='fk_assessor_agreement_other_id_organisation'),
    sa.PrimaryKeyConstraint('one_id', 'other_id', name='pk_assessor_agreement')
    )
    op.create_table('activity_result',
    sa.Column('enrolment_id', sa.String(), nullable=False),
    sa.Column('activity_id', sa.String(), nullable=False),
    sa.Column('begun_at', UtcDateTime(), nullable=False),
    sa.Column('passed_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name='fk_activity_result_enrolment_id_enrolment'),
    sa.PrimaryKeyConstraint('enrolment_id', 'activity_id', name='pk_activity_result')
    )
    op.create_table('task_submission',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('enrolment_id', sa.String(), nullable=False),
    sa.Column('task_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('track', sa.String(), nullable=False),
    sa.Column('edition_id', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('started_at', UtcDateTime(), nullable=False),
    sa.Column('saved_at', UtcDateTime(), nullable=False),
    sa.Column('handed_in_at', UtcDateTime(), nullable=True),
    sa.Column('promised_at', UtcDateTime(), nullable=True),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('because', sa.JSON(none_as_null=True), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'handed_in', 'returned', 'passed')", name=op.f('ck_task_submission_state')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name='fk_task_submission_edition_id_edition'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name='fk_task_submission_enrolment_id_enrolment'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name='fk_task_submission_organisation_id_organisation'),
    sa.PrimaryKeyConstraint('id', name='pk_task_submission'),
    sa.UniqueConstraint('enrolment_id', 'task_id', 'number', name='uq_task_submission_enrolment_id_task_id_number')
    )
    op.create_index('ix_task_submission_state_promised_at', 'task_submission', ['state', 'promised_at'])
    op.create_table('task_assessment',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('submission_id', sa.String(), nullable=False),
    sa.Column('assessor_id', sa.String(), nullable=False),
    sa.Column('seat', sa.Integer(), nullable=False),
    sa.Column('drawn_at', UtcDateTime(), nullable=False),
    sa.Column('scores', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('remark', sa.String(), nullable=False),
    sa.Column('scored_at', UtcDateTime(), nullable=True),
    sa.Column('released_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint('seat BETWEEN 1 AND 3', name=op.f('ck_task_assessment_seat')),
    sa.ForeignKeyConstraint(['assessor_id'], ['person.id'], name='fk_task_assessment_assessor_id_person'),
    sa.ForeignKeyConstraint(['submission_id'], ['task_submission.id'], name='fk_task_assessment_submission_id_task_submission'),
    sa.PrimaryKeyConstraint('id', name='pk_task_assessment'),
    sa.UniqueConstraint('submission_id', 'assessor_id', name='uq_task_assessment_submission_id_assessor_id')
    )
    op.create_index('ix_task_assessment_assessor_id', 'task_assessment', ['assessor_id'])
    seated = sa.text('released_at IS NULL')
    op.create_index('uq_task_assessment_seat', 'task_assessment', ['submission_id', 'seat'], unique=True, sqlite_where=seated, postgresql_where=seated)
    op.create_table('task_file',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('submission_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('stored', sa.String(), nullable=False),
    sa.Column('added_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['task_submission.id'], name='fk_task_file_submission_id_task_submission'),
    sa.PrimaryKeyConstraint('id', name='pk_task_file'),
    sa.UniqueConstraint('submission_id', 'sha256', name='uq_task_file_submission_id_sha256')
    )
    op.create_index('ix_task_file_stored', 'task_file', ['stored'])


def downgrade() -> None:
    for name in ('task_file', 'task_assessment', 'task_submission', 'activity_result', 'assessor_agreement'):
        op.drop_table(name)
    # An older version knows no assessors, and could not read their roles.
    op.execute("DELETE FROM membership WHERE role = 'assessor'")
    change_checks(AFTER, BEFORE)


def change_checks(old: dict[str, str], new: dict[str, str]) -> None:
    """Let memberships hold other roles, and other roles a track."""
    if op.get_bind().dialect.name == 'sqlite':
        copy_membership(new)
        return
    op.drop_constraint(op.f('ck_membership_role'), 'membership')
    op.drop_constraint(op.f(old['track']), 'membership')
    op.create_check_constraint(op.f('ck_membership_role'), 'membership', f"role IN {new['roles']}")
    op.create_check_constraint(op.f(new['track']), 'membership', new['tracked'])


def copy_membership(checks: dict[str, str]) -> None:
    """No table refers to memberships, so that the old one can go."""
    columns = ', '.join(COLUMNS)
    op.execute(MEMBERSHIP.format(**checks))
    op.execute(f'INSERT INTO membership_copy ({columns}) SELECT {columns} FROM membership')
    op.drop_table('membership')
    op.rename_table('membership_copy', 'membership')
    for name in ('organisation_id', 'person_id', 'unit_id'):
        op.create_index(f'ix_membership_{name}', 'membership', [name])

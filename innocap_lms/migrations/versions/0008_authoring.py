"""Courses that are written in the browser: drafts, saves on their way, rights, sign-offs."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'authored_by',
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('pseudonym', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_authored_by_person_id_person')
        ),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_authored_by')),
        sa.UniqueConstraint('pseudonym', name=op.f('uq_authored_by_pseudonym')),
    )
    op.create_table(
        'authored_course',
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('track', sa.String(), nullable=False),
        sa.Column('plugin', sa.String(), nullable=False),
        sa.Column('begun_by', sa.String(), nullable=False),
        sa.Column('begun_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['begun_by'], ['person.id'], name=op.f('fk_authored_course_begun_by_person')
        ),
        sa.PrimaryKeyConstraint('course_id', name=op.f('pk_authored_course')),
    )
    op.create_table(
        'authored_right',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('track', sa.String(), nullable=False),
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('right', sa.String(), nullable=False),
        sa.Column('given_by', sa.String(), nullable=False),
        sa.Column('given_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['given_by'], ['person.id'], name=op.f('fk_authored_right_given_by_person')
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_authored_right_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_authored_right')),
        sa.UniqueConstraint(
            'person_id',
            'track',
            'course_id',
            'right',
            name=op.f('uq_authored_right_person_id_track_course_id_right'),
        ),
    )
    op.create_index(op.f('ix_authored_right_person_id'), 'authored_right', ['person_id'])
    op.create_table(
        'authored_approval',
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('version', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('given_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['course_id'],
            ['authored_course.course_id'],
            name=op.f('fk_authored_approval_course_id_authored_course'),
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_authored_approval_person_id_person')
        ),
        sa.PrimaryKeyConstraint(
            'course_id', 'version', 'person_id', name=op.f('pk_authored_approval')
        ),
    )
    op.create_table(
        'authored_draft',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('base', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=True),
        sa.Column('sha256', sa.String(), nullable=True),
        sa.Column('stamp', sa.String(), nullable=False),
        sa.Column('saved_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['course_id'],
            ['authored_course.course_id'],
            name=op.f('fk_authored_draft_course_id_authored_course'),
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_authored_draft_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_authored_draft')),
        sa.UniqueConstraint(
            'course_id',
            'path',
            'person_id',
            name=op.f('uq_authored_draft_course_id_path_person_id'),
        ),
    )
    op.create_index(op.f('ix_authored_draft_person_id'), 'authored_draft', ['person_id'])
    op.create_table(
        'authored_save',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('takes', sa.Boolean(), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('done_at', UtcDateTime(), nullable=True),
        sa.Column('version', sa.String(), nullable=False),
        sa.Column('clash', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['course_id'],
            ['authored_course.course_id'],
            name=op.f('fk_authored_save_course_id_authored_course'),
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_authored_save_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_authored_save')),
    )
    op.create_index(op.f('ix_authored_save_course_id'), 'authored_save', ['course_id'])
    op.create_table(
        'authored_saved_file',
        sa.Column('save_id', sa.String(), nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.Column('base', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=True),
        sa.Column('sha256', sa.String(), nullable=True),
        sa.Column('stamp', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['save_id'],
            ['authored_save.id'],
            name=op.f('fk_authored_saved_file_save_id_authored_save'),
        ),
        sa.PrimaryKeyConstraint('save_id', 'path', name=op.f('pk_authored_saved_file')),
    )


def downgrade() -> None:
    # An older version knows no courses of this kind; what is in the repository stays there.
    op.drop_table('authored_saved_file')
    op.drop_table('authored_save')
    op.drop_table('authored_draft')
    op.drop_table('authored_approval')
    op.drop_table('authored_right')
    op.drop_table('authored_course')
    op.drop_table('authored_by')

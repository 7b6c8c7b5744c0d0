"""Changes of a plugin that somebody's draft has in it."""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'authored_taken',
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=True),
        sa.Column('sha256', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ['course_id'],
            ['authored_course.course_id'],
            name=op.f('fk_authored_taken_course_id_authored_course'),
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_authored_taken_person_id_person')
        ),
        sa.PrimaryKeyConstraint('course_id', 'path', 'person_id', name=op.f('pk_authored_taken')),
    )


def downgrade() -> None:
    op.drop_table('authored_taken')

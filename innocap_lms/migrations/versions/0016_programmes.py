"""Programmes beside courses: what is offered, begun and completed says which of the two it is."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

TABLES = ('offering', 'enrolment', 'completion')
INDEX = 'ix_completion_follow_up'
COLUMNS = ['organisation_id', 'person_id', 'unit_id', 'track', 'course_id', 'completed_at']


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('kind', sa.String(), server_default='course', nullable=False))
    op.drop_index(INDEX, 'completion')
    op.create_index(INDEX, 'completion', [*COLUMNS, 'kind'])


def downgrade() -> None:
    op.drop_index(INDEX, 'completion')
    op.create_index(INDEX, 'completion', COLUMNS)
    for table in TABLES:
        op.drop_column(table, 'kind')

"""Counting for HR reads in its index, too, whether a completion was revoked."""

from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

INDEX = 'ix_completion_follow_up'
BEFORE = ['organisation_id', 'person_id', 'unit_id', 'track', 'course_id', 'completed_at', 'kind']


def upgrade() -> None:
    index_of([*BEFORE, 'certificate_id'])


def downgrade() -> None:
    index_of(BEFORE)


def index_of(columns: list[str]) -> None:
    op.drop_index(INDEX, table_name='completion')
    op.create_index(INDEX, 'completion', columns)

"""Hours of completions are added up in an index, by place and month."""

from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

INDEX = 'ix_completion_hours'
COLUMNS = ['organisation_id', 'unit_id', 'completed_at', 'kind', 'hours', 'certificate_id']


def upgrade() -> None:
    op.create_index(INDEX, 'completion', COLUMNS)


def downgrade() -> None:
    op.drop_index(INDEX, table_name='completion')

"""When earlier texts of a lesson were read, for those who move to another edition."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('lesson_progress', sa.Column('earlier', sa.JSON(), nullable=True))


def downgrade() -> None:
    # An older version knows one reading of a lesson: the last that counted, or none.
    op.drop_column('lesson_progress', 'earlier')

"""What ends: a learner's way to more attempts, once the answers are shown; a remedy, by hand."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('allowance', sa.Column('closed_at', UtcDateTime(), nullable=True))
    op.add_column('remedy', sa.Column('ended_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    # An older version shows the answers after the last attempt, and knows remedies without an end.
    op.drop_column('remedy', 'ended_at')
    op.drop_column('allowance', 'closed_at')

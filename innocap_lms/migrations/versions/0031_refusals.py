"""What somebody asked for in vain, found among all events."""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

REFUSALS = sa.text("kind = 'access.refused'")


def upgrade() -> None:
    op.create_index(
        'ix_ledger_event_refused', 'ledger_event', ['recorded_at', 'id'],
        sqlite_where=REFUSALS, postgresql_where=REFUSALS,
    )


def downgrade() -> None:
    op.drop_index('ix_ledger_event_refused', 'ledger_event')

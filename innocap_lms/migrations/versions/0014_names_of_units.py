"""The names of units, and their end, are found in the ledger as their moves are."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

INDEX = 'ix_ledger_event_of_organisation'
BEFORE = "kind IN ('requirement.set', 'unit.added', 'unit.moved')"
AFTER = "kind IN ('requirement.set', 'unit.added', 'unit.moved', 'unit.renamed', 'unit.closed')"


def upgrade() -> None:
    index_of(AFTER)


def downgrade() -> None:
    index_of(BEFORE)


def index_of(kinds: str) -> None:
    op.drop_index(INDEX, table_name='ledger_event')
    where = sa.text(kinds)
    op.create_index(INDEX, 'ledger_event', ['organisation_id'], sqlite_where=where, postgresql_where=where)

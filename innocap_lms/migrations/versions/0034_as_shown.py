"""What was shown on each past day, kept like what is known now.

All of it follows from the ledger: the standings are made anew with it.
"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def _number(name: str, kind: type = sa.Integer) -> sa.Column:
    return sa.Column(name, kind(), autoincrement=False, nullable=False)


def _kept_with(*names: str) -> None:
    """The tables that are kept with the rows of standings; `names` are those of columns that only
    the newer ones have, in their keys."""
    def shown() -> list[sa.Column]:
        return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]

    op.create_table(
        'standing_overall', _number('person'), *shown(), _number('place'), _number('valid_from'),
        sa.Column('valid_until', sa.Integer(), nullable=False),
        sa.Column('groups', sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            'person', *names, 'place', 'valid_from', name=op.f('pk_standing_overall')
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        'ix_standing_overall_place', 'standing_overall',
        [*names, 'place', 'groups', 'valid_until', 'valid_from', 'person'],
    )
    op.create_table(
        'standing_tally', *shown(), _number('requirement'), _number('place'),
        _number('step', sa.SmallInteger), _number('day'), _number('state', sa.SmallInteger),
        sa.Column('begun', sa.Integer(), nullable=False),
        sa.Column('over', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            *names, 'requirement', 'place', 'step', 'day', 'state',
            name=op.f('pk_standing_tally'),
        ),
        sqlite_with_rowid=False,
    )


def _anew() -> None:
    op.execute("DELETE FROM standing")
    op.drop_table('standing_overall')
    op.drop_table('standing_tally')
    op.execute("UPDATE standing_followed SET sequence = 0, target = 0, within = ''")


def upgrade() -> None:
    _anew()
    _kept_with('shown')
    op.create_table(
        'standing_foreseen', _number('requirement'), _number('place'), _number('step', sa.SmallInteger),
        _number('day'), _number('month'), _number('state', sa.SmallInteger),
        sa.Column('begun', sa.Integer(), nullable=False),
        sa.Column('over', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            'requirement', 'place', 'step', 'day', 'month', 'state', name=op.f('pk_standing_foreseen')
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'standing_day', _number('day'), sa.Column('place', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('day', name=op.f('pk_standing_day')),
    )


def downgrade() -> None:
    op.drop_table('standing_day')
    op.drop_table('standing_foreseen')
    _anew()
    _kept_with()

"""How many standings begin and are over on which day, and the groups of each person.

They are kept with the rows of standings, so that these are made anew together with them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM standing")
    op.execute("UPDATE standing_followed SET sequence = 0, target = 0, within = ''")
    op.create_table(
        'standing_overall',
        sa.Column('person', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('valid_from', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('valid_until', sa.Integer(), nullable=False),
        sa.Column('groups', sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint('person', 'place', 'valid_from', name=op.f('pk_standing_overall')),
        sqlite_with_rowid=False,
    )
    op.create_index(
        'ix_standing_overall_place', 'standing_overall',
        ['place', 'groups', 'valid_until', 'valid_from', 'person'],
    )
    op.create_table(
        'standing_tally',
        sa.Column('requirement', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('step', sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('state', sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column('begun', sa.Integer(), nullable=False),
        sa.Column('over', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            'requirement', 'place', 'step', 'day', 'state', name=op.f('pk_standing_tally')
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table('standing_tally')
    op.drop_table('standing_overall')

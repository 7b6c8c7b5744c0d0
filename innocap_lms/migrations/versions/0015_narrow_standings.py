"""Standings with small numbers for people, requirements, places, states and days.

They follow from the ledger: what was stored is thrown away, and the job makes it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

STILL_KNOWN = sa.text('known_until = 4611686018427387904')


def upgrade() -> None:
    op.drop_table('standing')
    for name, more in (
        ('person', []),
        ('requirement', [sa.Column('organisation_id', sa.String(), nullable=False)]),
        ('place', [sa.Column('organisation_id', sa.String(), nullable=False)]),
    ):
        op.create_table(
            f'standing_{name}',
            sa.Column('number', sa.Integer(), autoincrement=True, nullable=False),
            sa.Column('id', sa.String(), nullable=False),
            *more,
            sa.PrimaryKeyConstraint('number', name=op.f(f'pk_standing_{name}')),
            sa.UniqueConstraint('id', name=op.f(f'uq_standing_{name}_id')),
        )
    op.create_table(
        'standing',
        sa.Column('person', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('requirement', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('valid_from', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('known_from', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('known_until', sa.BigInteger(), nullable=False),
        sa.Column('valid_until', sa.Integer(), nullable=False),
        sa.Column('deadline', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('state', sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            'person', 'requirement', 'valid_from', 'known_from', name=op.f('pk_standing')
        ),
        sqlite_with_rowid=False,
    )
    for name, first, other in (
        ('ix_standing_of_requirement', 'requirement', 'place'),
        ('ix_standing_of_place', 'place', 'requirement'),
    ):
        op.create_index(
            name, 'standing', [first, 'state', 'valid_until', 'valid_from', other, 'person'],
            sqlite_where=STILL_KNOWN, postgresql_where=STILL_KNOWN,
        )
    op.execute("UPDATE standing_followed SET sequence = 0, target = 0, within = ''")


def downgrade() -> None:
    op.drop_table('standing')
    for name in ('person', 'requirement', 'place'):
        op.drop_table(f'standing_{name}')
    op.create_table(
        'standing',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('requirement_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('unit_id', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_until', sa.Date(), nullable=False),
        sa.Column('deadline', sa.Date(), nullable=False),
        sa.Column('known_from', sa.BigInteger(), nullable=False),
        sa.Column('known_until', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standing')),
    )
    op.create_index('ix_standing_person', 'standing', ['person_id', 'organisation_id', 'known_until'])
    op.create_index(
        'ix_standing_cells', 'standing',
        ['organisation_id', 'known_until', 'state', 'valid_until', 'valid_from', 'requirement_id', 'unit_id',
         'person_id'],
    )
    op.execute("UPDATE standing_followed SET sequence = 0, target = 0, within = ''")

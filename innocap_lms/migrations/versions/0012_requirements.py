"""Requirements, and the standings that follow from the ledger."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

OF_ORGANISATIONS = sa.text("kind IN ('requirement.set', 'unit.added', 'unit.moved')")


def upgrade() -> None:
    op.create_index(
        'ix_ledger_event_of_organisation', 'ledger_event', ['organisation_id'],
        sqlite_where=OF_ORGANISATIONS, postgresql_where=OF_ORGANISATIONS,
    )
    op.create_table(
        'requirement',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('rule', sa.JSON(), nullable=False),
        sa.Column('rules', sa.JSON(), nullable=False),
        sa.Column('set_at', UtcDateTime(), nullable=False),
        sa.Column('set_by', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_requirement_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_requirement_set_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement')),
    )
    op.create_index(op.f('ix_requirement_organisation_id'), 'requirement', ['organisation_id'])
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
    op.create_table(
        'standing_followed',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('sequence', sa.BigInteger(), nullable=False),
        sa.Column('target', sa.BigInteger(), nullable=False),
        sa.Column('within', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_followed')),
    )


def downgrade() -> None:
    # Versions of requirements stay in the ledger; an older version does not look at them.
    op.drop_table('standing_followed')
    op.drop_table('standing')
    op.drop_table('requirement')
    op.drop_index('ix_ledger_event_of_organisation', table_name='ledger_event')

"""When somebody leaves, when a unit is closed, and what employers' own systems call people."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('unit', sa.Column('closed_at', UtcDateTime(), nullable=True))
    op.add_column('person', sa.Column('left_at', UtcDateTime(), nullable=True))
    op.create_table(
        'employee_number',
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_employee_number_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_employee_number_person_id_person')),
        sa.PrimaryKeyConstraint('organisation_id', 'number', name=op.f('pk_employee_number')),
        sa.UniqueConstraint('organisation_id', 'person_id', name=op.f('uq_employee_number_organisation_id_person_id')),
    )
    op.create_index('ix_employee_number_person_id', 'employee_number', ['person_id'])


def downgrade() -> None:
    op.drop_table('employee_number')
    op.drop_column('person', 'left_at')
    op.drop_column('unit', 'closed_at')

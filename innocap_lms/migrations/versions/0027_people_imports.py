"""Lists of people that HR sends in."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'people_import',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('made_by', sa.String(), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('file_name', sa.String(), nullable=False),
        sa.Column('content', sa.String(), nullable=False),
        sa.Column('places', sa.JSON(), nullable=False),
        sa.Column('moves_on', sa.Date(), nullable=True),
        sa.Column('closing', sa.JSON(), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=True),
        sa.Column('done_row', sa.Integer(), nullable=False),
        sa.Column('closed', sa.Integer(), nullable=False),
        sa.Column('counts', sa.JSON(), nullable=False),
        sa.Column('failures', sa.JSON(), nullable=False),
        sa.Column('done_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_people_import_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_people_import_made_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_people_import')),
    )
    op.create_index('ix_people_import_organisation_id', 'people_import', ['organisation_id'])


def downgrade() -> None:
    op.drop_table('people_import')

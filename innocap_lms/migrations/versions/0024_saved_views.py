"""Views of the HR desk that somebody has kept."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'saved_view',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=True),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('page', sa.String(), nullable=False),
        sa.Column('query', sa.JSON(), nullable=False),
        sa.Column('every', sa.String(), nullable=False),
        sa.Column('scheduled_at', UtcDateTime(), nullable=True),
        sa.Column('saved_at', UtcDateTime(), nullable=False),
        sa.CheckConstraint("every IN ('', 'weekly', 'monthly')", name=op.f('ck_saved_view_every')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_saved_view_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_view_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('person_id', 'name', name=op.f('uq_saved_view_person_id_name')),
    )
    op.create_index(op.f('ix_saved_view_organisation_id'), 'saved_view', ['organisation_id'])


def downgrade() -> None:
    op.drop_table('saved_view')

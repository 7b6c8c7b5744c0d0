"""Addresses of personal calendars."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'feed',
        sa.Column('secret_hash', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('opened_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_feed_person_id_person')),
        sa.PrimaryKeyConstraint('secret_hash', name=op.f('pk_feed')),
        sa.UniqueConstraint('person_id', name=op.f('uq_feed_person_id')),
    )


def downgrade() -> None:
    op.drop_table('feed')

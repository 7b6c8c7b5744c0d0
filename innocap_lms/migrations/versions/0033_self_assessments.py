"""Self-assessments, which nobody reads but whoever made them."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'self_assessment',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('taken_at', UtcDateTime(), nullable=False),
        sa.Column('levels', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_self_assessment_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_self_assessment')),
        sa.UniqueConstraint('person_id', 'key', name=op.f('uq_self_assessment_person_id_key')),
    )


def downgrade() -> None:
    op.drop_table('self_assessment')

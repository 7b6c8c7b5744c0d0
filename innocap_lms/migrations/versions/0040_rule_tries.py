"""What a rule would do for many people is worked out by a job, and kept for whoever asked."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'rule_try',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('requirement_id', sa.String(), nullable=True),
        sa.Column('typed', sa.JSON(), nullable=False),
        sa.Column('rule', sa.JSON(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('found', sa.JSON(), nullable=True),
        sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_rule_try_person_id_person')
        ),
        sa.ForeignKeyConstraint(
            ['organisation_id'],
            ['organisation.id'],
            name=op.f('fk_rule_try_organisation_id_organisation'),
        ),
        sa.ForeignKeyConstraint(
            ['requirement_id'],
            ['requirement.id'],
            name=op.f('fk_rule_try_requirement_id_requirement'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_try')),
    )


def downgrade() -> None:
    op.drop_table('rule_try')

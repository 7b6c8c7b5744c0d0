"""Lists of completions that HR sends in."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'intake',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('made_by', sa.String(), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('header', sa.JSON(), nullable=False),
        sa.Column('places', sa.JSON(), nullable=False),
        sa.Column('shared', sa.JSON(), nullable=False),
        sa.Column('courses', sa.JSON(), nullable=False),
        sa.Column('refused', sa.JSON(), nullable=True),
        sa.Column('turn', sa.Integer(), nullable=False),
        sa.CheckConstraint("what IN ('completion', 'credit')", name=op.f('ck_intake_what')),
        sa.CheckConstraint(
            "state IN ('columns', 'reading', 'checking', 'checked', 'adding', 'done', 'refused')",
            name=op.f('ck_intake_state'),
        ),
        sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_intake_made_by_person')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_intake_organisation_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_intake')),
    )
    op.create_index(op.f('ix_intake_organisation_id'), 'intake', ['organisation_id'])
    op.create_table(
        'intake_row',
        sa.Column('intake_id', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('person_id', sa.String(), nullable=True),
        sa.Column('about', sa.String(), nullable=True),
        sa.Column('day', sa.Date(), nullable=True),
        sa.Column('outcome', sa.String(), nullable=False),
        sa.Column('wrong', sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('', 'add', 'there', 'double', 'fault', 'course', 'skip', 'added')",
            name=op.f('ck_intake_row_outcome'),
        ),
        sa.ForeignKeyConstraint(['intake_id'], ['intake.id'], name=op.f('fk_intake_row_intake_id_intake')),
        sa.PrimaryKeyConstraint('intake_id', 'number', name=op.f('pk_intake_row')),
    )
    op.create_index('ix_intake_row_outcome', 'intake_row', ['intake_id', 'outcome', 'number'])
    op.create_index('ix_intake_row_person', 'intake_row', ['intake_id', 'person_id'])


def downgrade() -> None:
    op.drop_table('intake_row')
    op.drop_table('intake')

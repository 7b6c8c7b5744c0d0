"""Files of evidence of what HR notes."""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'evidence',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.String(), nullable=False),
        sa.Column('file_name', sa.String(), nullable=False),
        sa.Column('media_type', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_evidence_organisation_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    )
    with op.batch_alter_table('intake') as batch:
        batch.add_column(sa.Column('evidence_id', sa.String(), nullable=True))
        batch.create_foreign_key(op.f('fk_intake_evidence_id_evidence'), 'evidence', ['evidence_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('intake') as batch:
        batch.drop_constraint(op.f('fk_intake_evidence_id_evidence'), type_='foreignkey')
        batch.drop_column('evidence_id')
    op.drop_table('evidence')

"""Certificates as signed credentials: keys, corrections, revocations, what is no longer shared."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

ADDED = ('number', 'issuer', 'supersedes', 'status_list', 'status_index', 'credential', 'token',
         'withdrawn_at', 'unnamed')


def upgrade() -> None:
    with op.batch_alter_table('certificate') as batch:
        batch.add_column(sa.Column('number', sa.Integer(), nullable=False, server_default='1'))
        batch.add_column(sa.Column('issuer', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('supersedes', sa.String(), nullable=True))
        batch.add_column(sa.Column('status_list', sa.String(), nullable=True))
        batch.add_column(sa.Column('status_index', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('credential', sa.String(), nullable=True))
        batch.add_column(sa.Column('token', sa.String(), nullable=True))
        batch.add_column(sa.Column('withdrawn_at', UtcDateTime(), nullable=True))
        batch.add_column(sa.Column('unnamed', sa.Boolean(), nullable=False, server_default=sa.text('false')))
        batch.drop_constraint('uq_certificate_completion_id', type_='unique')
        batch.create_unique_constraint('uq_certificate_completion_id_number', ['completion_id', 'number'])
        batch.create_unique_constraint('uq_certificate_status_list_status_index', ['status_list', 'status_index'])
        batch.create_unique_constraint('uq_certificate_supersedes', ['supersedes'])
        batch.create_foreign_key('fk_certificate_supersedes_certificate', 'certificate', ['supersedes'], ['id'])
    op.create_table(
        'certificate_revocation',
        sa.Column('certificate_id', sa.String(), nullable=False),
        sa.Column('revoked_at', UtcDateTime(), nullable=False),
        sa.Column('revoked_by', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_revocation_certificate_id_certificate')),
        sa.ForeignKeyConstraint(['revoked_by'], ['person.id'], name=op.f('fk_certificate_revocation_revoked_by_person')),
        sa.PrimaryKeyConstraint('certificate_id', name=op.f('pk_certificate_revocation')),
    )
    op.create_table(
        'issuer_key',
        sa.Column('public', sa.String(), nullable=False),
        sa.Column('issuer', sa.String(), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('retired_at', UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('public', name=op.f('pk_issuer_key')),
    )
    op.create_table(
        'ledger_checkpoint',
        sa.Column('day', sa.String(), nullable=False),
        sa.Column('document', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('day', name=op.f('pk_ledger_checkpoint')),
    )
    op.create_index(
        'uq_issuer_key_active', 'issuer_key', ['issuer'], unique=True,
        sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'),
    )


def downgrade() -> None:
    # An older version knows neither corrections nor revocations: what was revoked would count.
    for table, named in (('certificate', 'number > 1'), ('certificate_revocation', '1 = 1')):
        if op.get_bind().scalar(sa.text(f'SELECT count(*) FROM {table} WHERE {named}')):
            raise RuntimeError('certificates were corrected or revoked: restore a backup from before instead')
    op.drop_table('ledger_checkpoint')
    op.drop_table('issuer_key')
    op.drop_table('certificate_revocation')
    with op.batch_alter_table('certificate') as batch:
        batch.drop_constraint('fk_certificate_supersedes_certificate', type_='foreignkey')
        batch.drop_constraint('uq_certificate_supersedes', type_='unique')
        batch.drop_constraint('uq_certificate_status_list_status_index', type_='unique')
        batch.drop_constraint('uq_certificate_completion_id_number', type_='unique')
        batch.create_unique_constraint('uq_certificate_completion_id', ['completion_id'])
        for name in ADDED:
            batch.drop_column(name)

"""Reviews of drafts, and what is said of them."""

import sqlalchemy as sa
from alembic import op

from innocap_lms.columns import UtcDateTime

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'review',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('course_id', sa.String(), nullable=False),
        sa.Column('track', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('asked_by', sa.String(), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('open_until', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['asked_by'], ['person.id'], name=op.f('fk_review_asked_by_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    )
    op.create_index(op.f('ix_review_course_id'), 'review', ['course_id'])
    op.create_index(op.f('ix_review_open_until'), 'review', ['open_until'])
    op.create_table(
        'review_comment',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('review_id', sa.String(), nullable=False),
        sa.Column('part', sa.String(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('piece', sa.Integer(), nullable=False),
        sa.Column('quote', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('said_at', UtcDateTime(), nullable=False),
        sa.Column('settled_by', sa.String(), nullable=True),
        sa.Column('settled_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['review_id'], ['review.id'], name=op.f('fk_review_comment_review_id_review')
        ),
        sa.ForeignKeyConstraint(
            ['settled_by'], ['person.id'], name=op.f('fk_review_comment_settled_by_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_comment')),
    )
    op.create_index(op.f('ix_review_comment_review_id'), 'review_comment', ['review_id'])


def downgrade() -> None:
    op.drop_table('review_comment')
    op.drop_table('review')

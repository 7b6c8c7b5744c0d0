"""A trainer's role may be for the courses of one track."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one piece with its column: SQLite would otherwise copy the table and lose its other checks.
    op.execute(
        "ALTER TABLE membership ADD COLUMN track VARCHAR "
        "CONSTRAINT ck_membership_trainer_track CHECK (role = 'trainer' OR track IS NULL)"
    )


def downgrade() -> None:
    # Without its track a role would be for every one: it ends instead.
    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    if op.get_bind().dialect.name == "postgresql":
        now = "now()"
    op.execute(
        "UPDATE membership SET valid_until = "
        f"CASE WHEN valid_from > {now} THEN valid_from ELSE {now} END "
        f"WHERE track IS NOT NULL AND (valid_until IS NULL OR valid_until > {now})"
    )
    op.execute("ALTER TABLE membership DROP COLUMN track")

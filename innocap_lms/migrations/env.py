"""Alembic's way into the tables, the core's or a plugin's: by the writing engine of the app."""

from alembic import context

from innocap_lms.engines import WRITING
from innocap_lms.extensions import Base, db

connectable = db.engines[WRITING]
with connectable.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        **context.config.attributes,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

"""Going up and down the history of the tables, by Alembic. Call these in an app context."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def upgrade(to: str = "head") -> None:
    """Bring the tables of the app in hand to a step, the newest unless another is named."""
    command.upgrade(_config(), to)


def downgrade(to: str) -> None:
    """Take the tables back to an earlier step; "base" is before the first."""
    command.downgrade(_config(), to)


def revisions() -> set[str]:
    """Every step that this version knows."""
    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def head() -> str | None:
    """The newest step."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def draft(message: str) -> None:
    """Write the next step from what tables of the models and of the database differ in."""
    config = _config()
    number = len(revisions()) + 1
    command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def _config() -> Config:
    config = Config()
    # Alembic reads % as the beginning of a name.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config

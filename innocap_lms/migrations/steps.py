"""Going up and down the history of the tables, by Alembic. Call these in an app context."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from innocap_lms.migrations import VERSION_TABLE


@dataclass(frozen=True)
class History:
    """The steps in a folder, and the table that says at which of them a database is.

    `after_step` is called in the transaction of each step, before its commit.
    """

    folder: Path
    version_table: str
    after_step: tuple[Callable[..., None], ...] = field(default=())

    def upgrade(self, to: str = "head") -> None:
        """Bring the tables of the app in hand to a step, the newest unless another is named."""
        command.upgrade(self.config(), to)

    def downgrade(self, to: str) -> None:
        """Take the tables back to an earlier step; "base" is before the first."""
        command.downgrade(self.config(), to)

    def revisions(self) -> set[str]:
        """Every step that is known here."""
        return {step.revision for step in self.script().walk_revisions()}

    def head(self) -> str | None:
        """The newest step."""
        return self.script().get_current_head()

    def config(self) -> Config:
        """What Alembic needs to know."""
        config = Config()
        # Alembic reads % as the beginning of a name.
        for name, value in (
            ("script_location", str(Path(__file__).parent)),
            ("version_locations", str(self.folder)),
            ("path_separator", "newline"),
            ("file_template", "%(rev)s_%(slug)s"),
        ):
            config.set_main_option(name, value.replace("%", "%%"))
        attributes: dict[str, Any] = {
            "version_table": self.version_table,
            "on_version_apply": self.after_step,
        }
        config.attributes.update(attributes)
        return config

    def script(self) -> ScriptDirectory:
        """The steps, as Alembic reads them."""
        return ScriptDirectory.from_config(self.config())


CORE = History(Path(__file__).parent / "versions", VERSION_TABLE)

upgrade, downgrade = CORE.upgrade, CORE.downgrade
revisions, head = CORE.revisions, CORE.head


def draft(message: str) -> None:
    """Write the next step from what tables of the models and of the database differ in."""
    number = len(revisions()) + 1
    command.revision(CORE.config(), message, autogenerate=True, rev_id=f"{number:04}")

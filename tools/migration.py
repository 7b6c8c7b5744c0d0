"""Draft the next migration: `python tools/migration.py "what changes"`. Read it and mend it.

A new SQLite database is brought to the newest step and compared with the tables of the models.
"""

import sys
import tempfile
from pathlib import Path

from innocap_lms.app import create_app
from innocap_lms.config import Settings
from innocap_lms.migrations import steps


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key="-" * 32, relay=False))
        with app.app_context():
            steps.upgrade()
            steps.draft(message)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("say what changes"))

"""The site for any WSGI server: `gunicorn wsgi:app`. Settings come from INNOCAP_* variables."""

import os
import sys

from innocap_lms.app import create_app
from innocap_lms.config import SettingsError, load_settings

try:
    app = create_app(load_settings(os.environ))
except SettingsError as error:
    sys.exit(f"innocap-lms cannot start: {error}")

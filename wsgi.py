"""The site for any WSGI server: `gunicorn wsgi:app`. Settings come from INNOCAP_* variables.

Raises SettingsError, whose message says what to do, when a setting cannot be used.
"""

import os

from innocap_lms.app import create_app
from innocap_lms.config import load_settings

app = create_app(load_settings(os.environ))

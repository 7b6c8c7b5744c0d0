"""innocap-lms: courses for innovation coaches and digital coaches, supplied by plugins."""

__version__ = "0.1.0"

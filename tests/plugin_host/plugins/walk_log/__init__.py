"""A plugin for tests that brings tables: walks, and where each stopped."""

from innocap_lms.plugin_api import Plugin

plugin = Plugin(name="walk_log", version="1.0.0", needs_api="1.1")

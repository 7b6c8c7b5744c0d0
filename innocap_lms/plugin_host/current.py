"""The plugins of the app that is serving."""

from flask import current_app

from innocap_lms.plugin_host.host import PluginHost


def plugins() -> PluginHost:
    """The host of the current app's plugins."""
    host: PluginHost = current_app.extensions["innocap_host"]
    return host

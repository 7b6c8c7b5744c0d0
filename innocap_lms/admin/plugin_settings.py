"""What administrators set of plugins: kept, read by the plugins, noted in the ledger."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import delete, select

from innocap_lms import clock
from innocap_lms.admin.models import PluginSetting
from innocap_lms.extensions import db, fetch, upsert
from innocap_lms.people.trail import note
from innocap_lms.plugin_host.contract import Setting
from innocap_lms.plugin_host.settings import Value, in_force

_KEPT = "plugin_settings"
_all = select(PluginSetting.plugin, PluginSetting.name, PluginSetting.value)


def kept() -> Mapping[str, Mapping[str, Any]]:
    """What is set: plugin to name to value; asked of the database once in an app context."""
    if _KEPT not in g:
        found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for row in fetch(_all, {}):
            found[row.plugin][row.name] = row.value
        setattr(g, _KEPT, found)
    read: Mapping[str, Mapping[str, Any]] = g.get(_KEPT)
    return read


def save(
    plugin: str, settings: tuple[Setting, ...], wanted: Mapping[str, Value], actor_id: str
) -> None:
    """Set all `settings` of a plugin to these values, which fit them, in the current transaction.

    Only what differs from the default is kept: the rest follows the plugin when its default does.
    """
    g.pop(_KEPT, None)
    before = in_force(settings, kept().get(plugin, {})).values
    for setting in settings:
        if wanted[setting.name] == setting.default:
            _forget(plugin, setting.name)
        else:
            _keep(plugin, setting.name, wanted[setting.name])
    g.pop(_KEPT, None)
    changed = {
        name: {"from": before[name], "to": value}
        for name, value in wanted.items()
        if value != before[name]
    }
    if changed:
        note("plugin.settings_changed", actor_id, plugin=plugin, changed=changed)


def forget(plugin: str) -> int:
    """Delete whatever is set of a plugin, in the current transaction; returns how much it was."""
    mine = delete(PluginSetting).where(PluginSetting.plugin == plugin)
    return len(db.session.scalars(mine.returning(PluginSetting.name)).all())


def _keep(plugin: str, name: str, value: Value) -> None:
    insert = upsert(PluginSetting.__table__)
    changed = {"value": value, "changed_at": clock.utcnow()}
    db.session.execute(
        insert.values(plugin=plugin, name=name, **changed).on_conflict_do_update(
            index_elements=["plugin", "name"], set_=changed
        )
    )


def _forget(plugin: str, name: str) -> None:
    mine = (PluginSetting.plugin == plugin, PluginSetting.name == name)
    db.session.execute(delete(PluginSetting).where(*mine))

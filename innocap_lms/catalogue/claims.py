"""Which plugin a course belongs to, when more than one supplies it."""

from collections import defaultdict
from collections.abc import Mapping

from innocap_lms.catalogue.queries import owners
from innocap_lms.catalogue.sources import course_id_of
from innocap_lms.plugin_host.host import PluginHost


class Claims:
    """Claims to course ids, in the order in which plugins were loaded.

    `owners` maps the courses in service to their plugins: whoever has editions keeps the course.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        self._owners = owners
        self._first: dict[str, tuple[str, str]] = {}

    def refusal(self, course_id: str, plugin: str, folder: str) -> str:
        """Why this plugin cannot supply the course from that folder, or "" when it can."""
        owner = self._owners.get(course_id)
        if owner is not None and owner != plugin:
            return not_yours(course_id, owner, plugin)
        first, where = self._first.setdefault(course_id, (plugin, folder))
        if first != plugin:
            return not_yours(course_id, first, plugin)
        if where != folder:
            return f"the folders {where} and {folder} both hold the course {course_id}"
        return ""


def not_yours(course_id: str, owner: str, plugin: str) -> str:
    """How a refused claim is told; both plugins are named."""
    return f"the course {course_id} belongs to plugin {owner}; {plugin} claims it too"


def disputes(host: PluginHost) -> dict[str, list[str]]:
    """By plugin, its claims that are refused. Reads of each course no more than its course.md."""
    claims, found = Claims(owners()), defaultdict(list)
    for plugin, source in host.courses:
        name = source.folder.name
        refused = claims.refusal(course_id_of(source), plugin, name)
        if refused:
            found[plugin].append(refused)
    for plugin, programme in host.programmes:
        refused = claims.refusal(programme.id, plugin, f"{programme.id}.programme.md")
        if refused:
            found[plugin].append(refused)
    return found

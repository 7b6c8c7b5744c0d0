"""Names that only one plugin may have: whoever comes later is refused, and both are named."""

from collections.abc import Iterator, Mapping

from innocap_lms.plugin_host.loading import Contribution, PluginRejected


def refuse_clashes(
    plugin: str,
    contribution: Contribution,
    loaded: Mapping[str, Contribution],
    origins: Mapping[str, str],
) -> None:
    """Raises PluginRejected when a name is taken among those that are loaded, which come from
    `origins`; it says by whom."""
    if plugin in origins:
        raise PluginRejected(f"a plugin named {plugin} is loaded already: {origins[plugin]}")
    taken = {thing: name for name, other in loaded.items() for thing in _named_by(other)}
    for thing in _named_by(contribution):
        if thing in taken:
            raise PluginRejected(
                f"the {thing} belongs to plugin {taken[thing]}; {plugin} claims it too"
            )
        taken[thing] = plugin


def _named_by(contribution: Contribution) -> Iterator[str]:
    """What a plugin brings under a name that only one may have, in words."""
    yield from (f"track {track.slug}" for track in contribution.tracks)
    yield from (f"question kind {kind.name}" for kind in contribution.kinds)
    yield from (f"report {report.name}" for report in contribution.reports)
    yield from (f"self-assessment {each.name}" for each in contribution.self_assessments)

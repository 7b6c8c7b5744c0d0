"""Beside what a course or programme is checked: all that is in service, and all files there are."""

from collections.abc import Mapping
from functools import cached_property

from innocap_lms.catalogue.queries import everything
from innocap_lms.catalogue.sources import supplied
from innocap_lms.content.reader import Reading
from innocap_lms.content.sequence import Known, in_sequence, known_of
from innocap_lms.content.surroundings import known_in
from innocap_lms.plugin_host.host import PluginHost


class Others:
    """What courses and programmes need to know of each other: looked up when one names another."""

    def __init__(self, host: PluginHost) -> None:
        self._host = host

    def beside(self, reading: Reading) -> Reading:
        """The reading with what is wrong beside all others."""
        return in_sequence(reading, self._known) if reading.named else reading

    @cached_property
    def _known(self) -> Mapping[str, Known]:
        """By id; what files say comes before the edition in service."""
        serving = {each.course_id: known_of(each.edition.course) for each in everything()}
        folders = [each.source.folder for each in supplied(self._host)]
        programmes = [(source.folder, source.id) for _plugin, source in self._host.programmes]
        return serving | known_in(folders, programmes)

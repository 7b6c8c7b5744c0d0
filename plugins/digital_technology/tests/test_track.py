"""The courses of the track are sound, keep their ids, and cannot be passed by guessing."""

from pathlib import Path

from innocap_lms.testing.whole_tracks import WholeTrackTests
from plugins import digital_technology


class TestTrack(WholeTrackTests):
    track = digital_technology
    ids = Path(__file__).parent / "ids.json"

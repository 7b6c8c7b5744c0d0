"""The courses of the track are sound, keep their ids, and cannot be passed by guessing."""

from pathlib import Path

from innocap_lms.testing.tracks import TrackTests
from plugins import digital_technology


class TestTrack(TrackTests):
    track = digital_technology
    ids = Path(__file__).parent / "ids.json"

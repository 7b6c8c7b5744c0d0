"""The courses of the track are sound, keep their ids, and cannot be passed by guessing."""

from pathlib import Path

from innocap_lms.testing.tracks import TrackTests
from plugins import innovation_methodology


class TestTrack(TrackTests):
    track = innovation_methodology
    ids = Path(__file__).parent / "ids.json"

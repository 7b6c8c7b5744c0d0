"""For those who write plugins: what a track's own tests hold its courses to."""

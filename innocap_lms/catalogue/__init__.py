"""Tracks and courses in service; publishing editions."""

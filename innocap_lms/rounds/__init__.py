"""Rounds: a course held on certain days, for members of several organisations, with a leader."""

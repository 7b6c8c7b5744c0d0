"""Practical tasks: a real case documented by a coach, assessed by people against a rubric."""

"""The tables of practical tasks."""

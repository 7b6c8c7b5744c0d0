"""Courses that are written in the browser: their files, drafts and versions."""

"""Courses as plain text: reading, checking, fingerprints, rendering. No Flask, no database."""

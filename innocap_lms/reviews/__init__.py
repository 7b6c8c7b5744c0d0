"""Drafts that colleagues read before they are published, and what they say of each paragraph."""

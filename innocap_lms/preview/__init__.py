"""Courses on disk as people will see them: a site of their own that follows each save."""

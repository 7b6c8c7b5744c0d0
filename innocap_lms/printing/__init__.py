"""Printed matter of courses: templates, pocket guides, facilitators' guides, slides of lessons.

`sheets` and `slides` say what is on paper, `pdf` sets it, `files` writes it without a site; all of
that is pure. `pages` and `views` show the same of the edition in service.
"""

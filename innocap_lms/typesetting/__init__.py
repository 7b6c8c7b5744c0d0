"""Documents set by typst, as PDF or as pictures. Knows fonts and templates, and no content."""

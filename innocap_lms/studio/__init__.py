"""The trainer's desk: courses, editions in service, and the problems of their files."""

"""The operator's desk: people, plugins, jobs, backups."""

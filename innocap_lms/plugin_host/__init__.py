"""Finding plugins, loading each whole or not at all, and calling them one by one."""

"""A dossier and its children as one."""

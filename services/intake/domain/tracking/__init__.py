"""The status of a dossier as its citizen sees it."""

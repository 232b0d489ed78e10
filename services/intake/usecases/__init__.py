"""One verb a file: load, decide, save, for one dossier or five hundred."""

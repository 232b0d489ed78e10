"""Use cases, one per file. Each loads, decides and saves a batch of dossiers in one transaction."""

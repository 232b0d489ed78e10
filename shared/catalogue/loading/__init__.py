"""Loading of items from YAML and CSV files."""

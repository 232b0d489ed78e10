"""From YAML files to items."""

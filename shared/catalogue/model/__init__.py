"""The values that the catalogue answers with."""

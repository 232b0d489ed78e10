"""Why not: what a person or a party reads, in both languages."""

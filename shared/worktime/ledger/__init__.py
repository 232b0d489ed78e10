"""The stored facts of a clock, and the limit they are counted against."""

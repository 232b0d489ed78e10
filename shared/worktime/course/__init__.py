"""The course of a clock: the periods it runs, and the pauses between them."""

"""What can be measured on the source without running it: for the house tests and for a table of figures."""

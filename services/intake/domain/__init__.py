"""The rules of the door: what may come in, what is missing, what is promised. Pure."""

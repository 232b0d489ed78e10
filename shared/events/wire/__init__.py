"""What an event looks like outside: names of its attributes, the form before, and the schemas of its data."""

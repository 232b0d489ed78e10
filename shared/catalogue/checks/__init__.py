"""What is wrong with a folder of files."""

"""What is handed in, what is wrong with it, and when it is admitted."""

"""What a case goes through, and what an effect does to it."""

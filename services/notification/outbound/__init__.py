"""The two machines that carry our words: a mail server and a text centre."""

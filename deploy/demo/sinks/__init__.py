"""Phones and mailboxes for a demo: a mail server and an SMS centre that keep what they receive."""

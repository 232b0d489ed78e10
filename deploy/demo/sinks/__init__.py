"""The phones and mailboxes of a city that is only being tried out: a real mail server, a real text centre."""

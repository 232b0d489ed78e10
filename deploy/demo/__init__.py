"""The demo: made-up dossiers, agencies, phones and mailboxes. The product does not import it."""

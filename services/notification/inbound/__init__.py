"""What the outside tells notification: events, requests for a page, receipts."""

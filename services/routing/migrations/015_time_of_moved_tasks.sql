-- A step handed on within its agency, or queued anew, counts from before it was queued there; null: since then.
ALTER TABLE tasks
    ADD COLUMN counts_from timestamptz;

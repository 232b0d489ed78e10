-- A step without a time of its own may follow its project's window: due when that closes.
ALTER TABLE tasks
    ADD COLUMN until date;

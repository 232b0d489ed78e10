-- A retry gets the answer of the first time, although papers brought later give the counter its time anew.
-- Where it is null, from before, the dossier's own date is all there is.
SET LOCAL lock_timeout = '5s';
ALTER TABLE submissions ADD COLUMN answer_by timestamptz;

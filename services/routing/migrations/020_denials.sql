-- A denial keeps the rule that it rests on beside its reason.
SET LOCAL lock_timeout = '5s';
ALTER TABLE tasks ADD COLUMN basis text;

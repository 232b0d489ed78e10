-- A step for which the citizen comes in person has the newest time that its office proposed.
SET LOCAL lock_timeout = '5s';
ALTER TABLE tasks ADD COLUMN appointment jsonb;

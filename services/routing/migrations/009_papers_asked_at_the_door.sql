-- How often papers were asked for before acceptance: the second request in a dossier counts over both stages.
SET LOCAL lock_timeout = '5s';
ALTER TABLE cases ADD COLUMN supplements_at_door integer NOT NULL DEFAULT 0;

-- An accepted dossier may wait for an office that nobody can name yet: what is missing; whether it, or a child
-- of it, waits at all; and by which catalogue it was last sought, so that each is looked at once.
SET LOCAL lock_timeout = '5s';
ALTER TABLE cases
    ADD COLUMN unplaced        jsonb,
    ADD COLUMN seeks_an_office boolean NOT NULL DEFAULT false,
    ADD COLUMN sought_in       text;
CREATE INDEX cases_seeking ON cases (root_id) WHERE seeks_an_office;

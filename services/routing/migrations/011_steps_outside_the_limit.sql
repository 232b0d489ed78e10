-- A step may wait for a person's own act, and the dossier's clock with it.
ALTER TABLE tasks
    ADD COLUMN actor  text,
    ADD COLUMN pauses boolean NOT NULL DEFAULT false;

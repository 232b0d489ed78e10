-- Papers asked for at the door (form 02), where a withdrawal was asked from, and how it stopped (form 05).
SET LOCAL lock_timeout = '5s';
ALTER TABLE dossiers
    ADD COLUMN asked          jsonb,
    ADD COLUMN supplements    integer NOT NULL DEFAULT 0,
    ADD COLUMN resume_to      dossier_state,
    ADD COLUMN stopped_at     timestamptz,
    ADD COLUMN stopped_reason text;
ALTER TABLE dossiers
    ADD CONSTRAINT dossiers_stopped
        CHECK ((state = 'stopped') = (stopped_at IS NOT NULL) AND (stopped_at IS NULL) = (stopped_reason IS NULL))
        NOT VALID,
    ADD CONSTRAINT dossiers_resume_to CHECK ((state = 'withdrawal_requested') = (resume_to IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT dossiers_owed CHECK (state <> 'supplement_requested' OR asked IS NOT NULL) NOT VALID;

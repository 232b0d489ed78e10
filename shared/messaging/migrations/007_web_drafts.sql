-- What people typed into forms and have not sent yet. The content is encrypted with a key derived from a random
-- cookie of the browser, of which only a hash lies here: a copy of the database shows nobody's data, not even
-- which form it was. Machine time, as for sessions.
CREATE TABLE web_drafts (
    id           bytea PRIMARY KEY CHECK (length(id) = 32),
    owner        bytea NOT NULL CHECK (length(owner) = 32),
    sealed       bytea NOT NULL,
    saved_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL
);

CREATE INDEX web_drafts_owner ON web_drafts (owner, saved_at);
CREATE INDEX web_drafts_expiry ON web_drafts (expires_at);

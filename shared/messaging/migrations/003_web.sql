-- Officers' log-ins. The cookie holds a random id; here lies only its hash, so that a copy of the
-- database opens no session. Machine time: a session is about the browser, not about the city's day.
CREATE TABLE web_sessions (
    id_hash      bytea PRIMARY KEY CHECK (length(id_hash) = 32),
    login        text NOT NULL,
    name         text NOT NULL,
    role         text NOT NULL,
    office       text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL
);

CREATE INDEX web_sessions_expiry ON web_sessions (expires_at);

-- What a citizen or a counter asks for after acceptance; routing judges it. The same key again is a retry.
CREATE TABLE requests (
    key        uuid PRIMARY KEY,
    dossier_id uuid NOT NULL REFERENCES dossiers (id),
    type       text NOT NULL,
    asked_at   timestamptz NOT NULL
);
CREATE INDEX requests_of_dossier ON requests (dossier_id, asked_at);

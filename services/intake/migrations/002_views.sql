-- What the others say of our dossiers, kept here so that a citizen's page asks nobody.
CREATE TABLE case_views (
    root_id    uuid PRIMARY KEY,
    seq        bigint NOT NULL,
    state      text NOT NULL,
    told       jsonb NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE notices (
    message_id uuid PRIMARY KEY,
    root_id    text NOT NULL,
    template   text NOT NULL,
    channel    text NOT NULL,
    state      text NOT NULL,
    reason     text,
    first_at   timestamptz NOT NULL,
    at         timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX notices_of_root ON notices (root_id, first_at);

-- Our copy of the city's catalogue, as published.
CREATE TABLE catalogue_items (
    item    text PRIMARY KEY,
    digest  text NOT NULL,
    content jsonb NOT NULL
);

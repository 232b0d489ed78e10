-- The keyring: a database of its own with short-lived backups. Deleting a row erases a person everywhere.
CREATE TABLE data_keys (
    subject_ref uuid        PRIMARY KEY,
    wrapped     bytea       NOT NULL CHECK (octet_length(wrapped) = 60),
    created_at  timestamptz NOT NULL DEFAULT now()
);

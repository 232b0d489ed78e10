-- Run in the database `keyring`, as administrator; harmless to repeat. Data keys live here and nowhere else.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO keyring_user', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS keyring AUTHORIZATION keyring_user;
ALTER ROLE keyring_user SET search_path = keyring;

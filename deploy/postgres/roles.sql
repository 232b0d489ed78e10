-- Run once on the server, as its administrator; harmless to repeat. Passwords are set by whoever runs it.
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['intake', 'routing', 'notification', 'keyring_user'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', wanted);
        END IF;
    END LOOP;
    FOREACH wanted IN ARRAY ARRAY['intake', 'routing', 'notification'] LOOP
        EXECUTE format('ALTER ROLE %1$I SET search_path = %1$I', wanted);
    END LOOP;
END $$;

-- Run in the database `city` (and in each copy of it a test makes), as administrator; harmless to repeat.
-- A schema for each service, closed to the others, and the city's clock, which all may read.
DO $$
DECLARE service text;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    FOREACH service IN ARRAY ARRAY['intake', 'routing', 'notification'] LOOP
        EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), service);
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %1$I AUTHORIZATION %1$I', service);
    END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS city;
CREATE TABLE IF NOT EXISTS city.clock (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    standing_at timestamptz
);
INSERT INTO city.clock (standing_at) VALUES (NULL) ON CONFLICT DO NOTHING;

-- A standing clock never runs by itself: it is stepped. Without one the city keeps the machine's time.
CREATE OR REPLACE FUNCTION city.now() RETURNS timestamptz LANGUAGE sql STABLE
    RETURN coalesce((SELECT standing_at FROM city.clock), pg_catalog.now());

GRANT USAGE ON SCHEMA city TO intake, routing, notification;
GRANT SELECT ON city.clock TO intake, routing, notification;
REVOKE ALL ON FUNCTION city.now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION city.now() TO intake, routing, notification;

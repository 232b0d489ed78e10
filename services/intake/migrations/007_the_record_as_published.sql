-- The newest record of each case as routing published it, and beside it the reasons that it gives only once.
SET LOCAL lock_timeout = '5s';
ALTER TABLE case_views
    ADD COLUMN record  json,
    ADD COLUMN reasons jsonb NOT NULL DEFAULT '{}';
UPDATE case_views
   SET record = jsonb_build_object('data', told - 'kept')::json, reasons = coalesce(jsonb_strip_nulls(told -> 'kept'), '{}');
ALTER TABLE case_views
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN record SET NOT NULL,
    -- squawk-ignore ban-drop-column
    DROP COLUMN told;

-- The program's register of channels says which there are; a new one needs no migration.
-- squawk-ignore ban-drop-constraint
ALTER TABLE messages DROP CONSTRAINT messages_channel_check;
ALTER TABLE messages ADD CONSTRAINT messages_channel_check CHECK (channel ~ '^[a-z][a-z_]{0,19}$') NOT VALID;

-- A length is billed for some channels, and then by its encoding and its segments together.
-- squawk-ignore ban-drop-constraint
ALTER TABLE messages DROP CONSTRAINT messages_check3;
ALTER TABLE messages ADD CONSTRAINT messages_length_check CHECK ((encoding IS NULL) = (segments IS NULL)) NOT VALID;

-- Nobody asks for messages by their dossier's code (a dossier's page asks for its notices), and every step of every text
-- wrote to this index.
SET LOCAL lock_timeout = '5s';
DROP INDEX messages_code;

-- The letter of a dossier that went late (form 04): one a dossier, with one new date. Its task says who must sign it.
ALTER TABLE cases ADD COLUMN apology jsonb;

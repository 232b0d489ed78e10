-- What a person published while running outlives a restart: the folder of a release no longer replaces it.
ALTER TABLE catalogue_items
    ADD COLUMN origin text NOT NULL DEFAULT 'release' CHECK (origin IN ('release', 'operator'));

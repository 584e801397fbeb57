-- +goose Up
-- How many live messages a setup may send a day, as in its document; 0 where it
-- says nothing. It is asked for before each of them, inside the transaction.
ALTER TABLE setup ADD COLUMN live_per_day INTEGER NOT NULL DEFAULT 0;

-- The live messages of a day are counted before each of them, and the history of a
-- setup may be long. With the mode in it, the index alone is read.
CREATE INDEX call_live_by_setup ON call(setup_id, at_ms, mode) WHERE mode = 'live';

-- How Keydesk looks for a person; '' and 0 where they chose nothing.
ALTER TABLE app_user ADD COLUMN color_scheme TEXT NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN text_size INTEGER NOT NULL DEFAULT 0;

-- +goose Up
-- How many live messages a setup may send a day, as in its document; 0 where it
-- says nothing. It is asked for before each of them, inside the transaction.
ALTER TABLE setup ADD COLUMN live_per_day INTEGER NOT NULL DEFAULT 0;

-- The live messages of a day are counted before each of them, and the history of a
-- setup may be long.
CREATE INDEX call_live_by_setup ON call(setup_id, at_ms) WHERE mode = 'live';

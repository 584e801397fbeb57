-- +goose Up
-- A signing key that no longer opens is replaced, and the trail then has several
-- public keys. from_seq is the first entry that a key signs.
ALTER TABLE activity_key ADD COLUMN from_seq INTEGER NOT NULL DEFAULT 1;

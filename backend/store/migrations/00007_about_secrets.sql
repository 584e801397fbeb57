-- +goose Up
-- What has to be known of a secret without opening it (request.Traits as JSON);
-- '' for one that was sealed before this was kept.
ALTER TABLE secret ADD COLUMN about TEXT NOT NULL DEFAULT '';

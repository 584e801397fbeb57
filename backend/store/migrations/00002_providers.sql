-- +goose Up
-- A provider is found and sorted by its name, which a user's file may change; the
-- id stays in provider.
ALTER TABLE setup ADD COLUMN provider_name TEXT NOT NULL DEFAULT '';
ALTER TABLE setup ADD COLUMN provider_key TEXT NOT NULL DEFAULT '';
ALTER TABLE setup ADD COLUMN last_simulated INTEGER NOT NULL DEFAULT 0;
-- The newest check of the saved credential, as JSON; '' when there was none.
ALTER TABLE setup ADD COLUMN checked TEXT NOT NULL DEFAULT '';
DROP INDEX setup_by_provider;
CREATE INDEX setup_by_provider ON setup(deleted_ms, provider_key, id);
CREATE INDEX setup_with_provider ON setup(provider) WHERE provider <> '';
-- The outcome that the simulator was asked to play; '' for a call to the address
-- itself.
ALTER TABLE call ADD COLUMN simulated TEXT NOT NULL DEFAULT '';

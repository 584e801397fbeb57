-- +goose Up
-- Calls of Test all that are about to leave this computer, some of one run to a
-- row (call.Call as JSON). A row goes in the transaction that keeps their results,
-- so what is here at a start was stopped in the middle.
CREATE TABLE planned_call (
  id     TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  batch  INTEGER NOT NULL,
  calls  TEXT NOT NULL
);
CREATE INDEX planned_call_by_run ON planned_call(run_id, batch);

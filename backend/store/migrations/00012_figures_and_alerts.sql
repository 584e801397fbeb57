-- +goose Up
-- Figures are written in the transaction of what they count, so that they are right
-- after a kill. A day is one of the office's time zone, as it was when the call was
-- made or the key was used.
CREATE TABLE call_day (
  day       TEXT NOT NULL,
  mode      TEXT NOT NULL,
  accepted  INTEGER NOT NULL,
  refused   INTEGER NOT NULL,
  throttled INTEGER NOT NULL,
  unclear   INTEGER NOT NULL,
  failed    INTEGER NOT NULL,
  PRIMARY KEY (day, mode)
);

-- Live calls of a month (YYYY-MM) by the stage of their setup; stage_id '' is the whole
-- place. The index has the busiest at its end.
CREATE TABLE stage_month (
  month    TEXT NOT NULL,
  place_id TEXT NOT NULL,
  stage_id TEXT NOT NULL,
  calls    INTEGER NOT NULL,
  PRIMARY KEY (month, place_id, stage_id)
);
CREATE INDEX stage_month_by_calls ON stage_month(month, calls);

-- Setups that need somebody, for the first screen.
CREATE INDEX setup_failing ON setup(last_at_ms, id)
  WHERE deleted_ms = 0 AND enabled = TRUE AND last_simulated = FALSE AND last_verdict IN ('refused', 'failed');

-- Requests with an API key, by outcome. It takes the place of api_usage, whose hours
-- do not fit the days of every time zone.
CREATE TABLE key_day (
  key_id   TEXT NOT NULL,
  day      TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  refused  INTEGER NOT NULL,
  limited  INTEGER NOT NULL,
  failed   INTEGER NOT NULL,
  PRIMARY KEY (key_id, day)
);
CREATE INDEX key_day_by_day ON key_day(day);

-- What was counted before has the days of UTC: SQL knows no time zones.
INSERT INTO call_day (day, mode, accepted, refused, throttled, unclear, failed)
  SELECT strftime('%Y-%m-%d', at_ms / 1000, 'unixepoch'), mode,
    COUNT(*) FILTER (WHERE verdict = 'accepted'), COUNT(*) FILTER (WHERE verdict = 'refused'),
    COUNT(*) FILTER (WHERE verdict = 'throttled'), COUNT(*) FILTER (WHERE verdict = 'unclear'),
    COUNT(*) FILTER (WHERE verdict = 'failed')
  FROM call WHERE state = 'done' GROUP BY 1, 2;
INSERT INTO stage_month (month, place_id, stage_id, calls)
  SELECT strftime('%Y-%m', c.at_ms / 1000, 'unixepoch'), s.place_id, COALESCE(s.stage_id, ''), COUNT(*)
  FROM call c JOIN setup s ON s.id = c.setup_id WHERE c.mode = 'live' AND c.state = 'done' GROUP BY 1, 2, 3;
INSERT INTO key_day (key_id, day, accepted, refused, limited, failed)
  SELECT key_id, strftime('%Y-%m-%d', hour_ms / 1000, 'unixepoch'),
    SUM(CASE outcome WHEN 'accepted' THEN requests ELSE 0 END), SUM(CASE outcome WHEN 'refused' THEN requests ELSE 0 END),
    SUM(CASE outcome WHEN 'limited' THEN requests ELSE 0 END), SUM(CASE outcome WHEN 'failed' THEN requests ELSE 0 END)
  FROM api_usage GROUP BY 1, 2;
DROP TABLE api_usage;

-- Warnings. The unique index makes each go out once: for one end of one thing, at
-- one lead time.
CREATE TABLE alert (
  id        TEXT PRIMARY KEY,
  -- The order in which they went out, also where the clock was set back.
  seq       INTEGER NOT NULL UNIQUE,
  at_ms     INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  object_id TEXT NOT NULL,
  -- The name of that day.
  object    TEXT NOT NULL,
  ends_ms   INTEGER NOT NULL,
  lead_days INTEGER NOT NULL,
  -- When the desktop showed it; 0 is not yet.
  shown_ms  INTEGER NOT NULL,
  -- The message about it: '' for none, waiting, or what became of it.
  message   TEXT NOT NULL,
  tries     INTEGER NOT NULL,
  next_ms   INTEGER NOT NULL,
  call_id   TEXT NOT NULL
);
CREATE UNIQUE INDEX alert_once ON alert(kind, object_id, ends_ms, lead_days);
CREATE INDEX alert_waiting ON alert(message) WHERE message IN ('waiting', 'sending');
CREATE INDEX alert_not_shown ON alert(shown_ms) WHERE shown_ms = 0;

-- How far each person has read the alerts.
CREATE TABLE alert_seen (
  user_id TEXT PRIMARY KEY REFERENCES app_user(id) ON DELETE CASCADE,
  seen_seq INTEGER NOT NULL
);

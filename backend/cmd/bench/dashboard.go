package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/dashboard"
)

// measureDashboard: the first screen's one read in an office of 5,000 setups, 100,000
// calls of the last 30 days at 200 stages, and 500 keys, against reading one of these
// calls by its id.
func measureDashboard(b *bench) error {
	const calls, stages, repeat = 100_000, 200, 200
	one, err := b.newOffice("dashboard")
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	place, ids, err := stagesOf(b.ctx, one, "", "Orders", stages)
	if err != nil {
		return err
	}
	for n := range activeKeys {
		if _, err := one.Ops.Apikey.Create(b.ctx, apikey.CreateInput{
			RequestID: fmt.Sprint("request-", n), Title: fmt.Sprintf("System %03d", n), Expires: apikey.Term{Days: 1 + n%365},
			Grants: apikey.Grants{Scopes: []access.Scope{access.SimulateCalls}},
		}); err != nil {
			return err
		}
	}
	file := filepath.Join(b.folder, "dashboard", "keydesk.db")
	if err := fillFile(b.ctx, file, generate(5000)); err != nil {
		return err
	}
	db, err := byHand(file, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := errors.Join(fillCalls(b.ctx, db, calls), countCalls(b.ctx, db, place.ID, ids)); err != nil {
		return err
	}
	point, err := db.PrepareContext(b.ctx, "SELECT at_ms, mode, verdict, recipient, reason FROM call WHERE id = ?")
	if err != nil {
		return err
	}
	defer func() { _ = point.Close() }()
	ours := func() error {
		for range repeat {
			report, err := one.Ops.Dashboard.Get(b.ctx, dashboard.Nothing{})
			if err != nil || len(report.Stages) != 5 || report.Days[29].Live.Accepted == 0 || len(report.Attention) < 10 {
				return fmt.Errorf("the report has %d stages and %d lines: %w", len(report.Stages), len(report.Attention), err)
			}
		}
		return nil
	}
	reference := func() error {
		for n := range repeat {
			var one call.Call
			if err := point.QueryRowContext(b.ctx, callID(1+n*calls/repeat)).Scan(&one.AtMs, &one.Mode, &one.Verdict, &one.Recipient, &one.Reason); err != nil {
				return err
			}
		}
		return nil
	}
	if err := b.profile("dashboard", ours); err != nil {
		return err
	}
	rounds, err := inTurn(b.rounds, ours, reference)
	if err != nil {
		return err
	}
	b.print(ratioFigure("dashboard", rounds, repeat, 50))
	return nil
}

// countCalls spreads the calls over the last 30 days, half of them live, and counts
// them as they would have been when they were made.
func countCalls(ctx context.Context, db *sql.DB, placeID string, stageIDs []string) error {
	day := 24 * time.Hour.Milliseconds()
	now := time.Now().UnixMilli()
	if _, err := db.ExecContext(ctx, `UPDATE call SET at_ms = ? - (at_ms % 30) * ?, mode = CASE at_ms % 2 WHEN 0 THEN 'live' ELSE 'test' END`, now, day); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO call_day (day, mode, accepted, refused, throttled, unclear, failed)
		SELECT strftime('%Y-%m-%d', at_ms / 1000 + 19800, 'unixepoch'), mode, COUNT(*) FILTER (WHERE verdict = 'accepted'), COUNT(*) FILTER (WHERE verdict = 'refused'), 0, 0, 0
		FROM call GROUP BY 1, 2`); err != nil {
		return err
	}
	// Some setups fail, as always.
	if _, err := db.ExecContext(ctx, `UPDATE setup SET enabled = 1, last_verdict = 'refused', last_simulated = 0, last_at_ms = ? WHERE id IN (SELECT MIN(id) FROM setup GROUP BY place_id, stage_id, channel ORDER BY 1 LIMIT 40)`, now); err != nil {
		return err
	}
	for n, id := range stageIDs {
		if _, err := db.ExecContext(ctx, `INSERT INTO stage_month (month, place_id, stage_id, calls)
			SELECT DISTINCT substr(day, 1, 7), ?, ?, 100 + ? FROM call_day WHERE mode = 'live'`, placeID, id, n%17); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"keydesk/backend/call"
	"keydesk/backend/store"
)

// measureListDepth: the last page of a million calls costs what the first
// does, since pages are found by key and not by counting.
func measureListDepth(b *bench) error {
	const count, repeat = 1_000_000, 200
	s := store.New(filepath.Join(b.folder, "calls"))
	if err := s.Open(b.ctx); err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	db, err := byHand(s.Path(), false)
	if err != nil {
		return err
	}
	if err := errors.Join(fillCalls(b.ctx, db, count), db.Close()); err != nil {
		return err
	}
	page := func(before string) func() error {
		return func() error {
			for range repeat {
				page, err := s.CallPage(b.ctx, call.ListInput{Before: before, Limit: 50})
				if err != nil || len(page.Calls) != 50 || page.More == (before != "") {
					return fmt.Errorf("%d calls, more is %t: %w", len(page.Calls), page.More, err)
				}
			}
			return nil
		}
	}
	rounds, err := inTurn(b.rounds, page(callID(51)), page(""))
	if err != nil {
		return err
	}
	b.print(ratioFigure("list_depth", rounds, repeat, 1.3))
	return nil
}

// callID is the id of the nth call, as fillCalls makes it.
func callID(n int) string { return fmt.Sprintf("%08x-0000-7000-8000-000000000000", n) }

// fillCalls writes calls by one statement. Indexes are made afterwards: sorting
// once is quicker than a million look-ups.
func fillCalls(ctx context.Context, db *sql.DB, count int) error {
	indexes, err := definitions(ctx, db, "call")
	if err != nil {
		return err
	}
	for name := range indexes {
		if _, err := db.ExecContext(ctx, "DROP INDEX "+name); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO call (id, at_ms, mode, run_id, setup_id, setup_version, draft, place_names, channel, service, actor_id, actor_name,
			recipient, recipient_key, state, verdict, delivery, status, total_ms, reason, message_id, error_code, record, request, answer)
		SELECT printf('%08x-0000-7000-8000-000000000000', i), 1700000000000 + i, 'test', 'run-' || (i / 1000), 'setup-' || (i % 5000), 1, 0, 'Orders / Delivery / Shipped, SMS',
			'sms', 'api.vonage.example', 'user-' || (i % 9), 'Ada Admin', '+9198' || (i % 900000), '+9198' || (i % 900000), 'done',
			CASE i % 9 WHEN 0 THEN 'refused' ELSE 'accepted' END, 'none', 201, 12.5, 'Accepted', 'm' || i, '', '{}', '{}', '{}' FROM n`, count)
	if err != nil {
		return err
	}
	for _, definition := range indexes {
		if _, err := db.ExecContext(ctx, definition); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// definitions gives the statements that made a table's indexes, by name.
func definitions(ctx context.Context, db *sql.DB, table string) (map[string]string, error) {
	found, err := db.QueryContext(ctx, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	list := map[string]string{}
	for found.Next() {
		var name, definition string
		if err := found.Scan(&name, &definition); err != nil {
			return nil, err
		}
		list[name] = definition
	}
	return list, found.Err()
}

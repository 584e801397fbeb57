package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"keydesk/backend/process"
	"keydesk/backend/setup"
)

// measureSave: one changed setup with its activity row, through the operation
// the form calls, against the same statements by hand: each read the rules need
// and both writes, prepared, in one transaction, with synchronous FULL as well.
func measureSave(b *bench) error {
	const repeat = 100
	one, err := b.newOffice("save")
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	orders, err := one.Ops.Process.CreatePlace(b.ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return err
	}
	place, stages, err := stagesOf(b.ctx, one, orders.ID, "Delivery", 2)
	if err != nil {
		return err
	}
	made, err := one.Ops.Setup.Create(b.ctx, setup.CreateInput{Draft: fireDraft(place.ID, setup.SMS, "http://127.0.0.1:9"), StageIDs: stages})
	if err != nil {
		return err
	}
	db, err := byHand(one.Store.Path(), false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	hand, err := newHandSave(b.ctx, db, made.Setups[1])
	if err != nil {
		return err
	}
	held := made.Setups[0]
	names := []string{"Order on its way", "Order is coming", "Order left us"}
	turn := 0
	ours := func() error {
		for range repeat {
			turn++
			held.Draft.Name = names[turn%len(names)]
			if held, err = one.Ops.Setup.Update(b.ctx, setup.UpdateInput{ID: held.ID, Version: held.Version, Draft: held.Draft}); err != nil {
				return err
			}
		}
		return nil
	}
	theirs := func() error {
		for range repeat {
			turn++
			if err := hand.save(b.ctx, names[turn%len(names)]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := b.profile("save", ours); err != nil {
		return err
	}
	rounds, err := inTurn(b.rounds, ours, theirs)
	if err != nil {
		return err
	}
	b.print(ratioFigure("save", rounds, repeat, 1.3))
	return nil
}

// handSave saves one setup with code written for this setup alone: no fold, no
// check, no hash, no MAC.
type handSave struct {
	db         *sql.DB
	id         string
	placeID    string
	stageID    string
	version    int
	document   string
	statements map[string]*sql.Stmt
}

var saveStatements = map[string]string{
	"setup": `SELECT s.document, s.version, COALESCE(p.name, ''), COALESCE(q.name, ''), COALESCE(r.name, ''), COALESCE(t.name, '') FROM setup s
		LEFT JOIN place p ON p.id = s.place_id LEFT JOIN place q ON q.id = p.parent_id LEFT JOIN place r ON r.id = q.parent_id
		LEFT JOIN stage t ON t.id = s.stage_id WHERE s.id = ?`,
	"secret": "SELECT slot, sealed, '', '', '', '' FROM secret WHERE owner_kind = 'setup' AND owner_id = ?",
	"place":  "SELECT name, COALESCE(parent_id, ''), '', '', '', '' FROM place WHERE id = ?",
	"stage":  "SELECT name, place_id, '', '', '', '' FROM stage WHERE id = ?",
	"field":  "SELECT name, type, sample, '', '', '' FROM stage_field WHERE stage_id = ? ORDER BY position, id",
	"other":  "SELECT id, '', '', '', '', '' FROM setup WHERE place_id = ? AND COALESCE(stage_id, '') = ? AND channel = 'sms' AND enabled = TRUE AND deleted_ms = 0",
	"last":   "SELECT seq, hash, '', '', '', '' FROM activity ORDER BY seq DESC LIMIT 1",
	"update": `UPDATE setup SET place_id = ?, stage_id = ?, channel = 'sms', provider = '', enabled = 1, name = ?, auth_type = 'bearer', method = 'POST', url = ?, document = ?,
		path_key = ?, sub_process_key = 'delivery', sub_sub_process_key = '', stage_key = 'stage 002', search = ?, provider_name = '', provider_key = '', tls_off = 0,
		checked = '', version = version + 1, updated_ms = ?
		WHERE id = ? AND version = ?`,
	"event": "INSERT INTO outbox (id, at_ms, name, object_id, data) VALUES (?, ?, 'setup.updated', ?, ?)",
	"activity": `INSERT INTO activity (seq, at_ms, mono_ms, actor_kind, actor_id, actor, roles, source, op, outcome, kind, object_id, object, count, before, after, search,
			prev_hash, hash, mac, actor_salt, object_salt, before_salt, after_salt, actor_digest, object_digest, before_digest, after_digest)
		VALUES (?1, 0, 0, 'person', '', 'admin', 'Org Admin', 'window', 'setup.update', 'done', 'setup', ?2, ?3, 1, ?4, ?5, ?6, ?7, ?7, ?7, ?8, ?8, ?8, ?8, ?7, ?7, ?7, ?7)`,
}

func newHandSave(ctx context.Context, db *sql.DB, one setup.Setup) (*handSave, error) {
	h := &handSave{db: db, id: one.ID, placeID: one.Draft.PlaceID, stageID: one.Draft.StageID, version: one.Version, statements: map[string]*sql.Stmt{}}
	for name, text := range saveStatements {
		prepared, err := db.PrepareContext(ctx, text)
		if err != nil {
			return nil, err
		}
		h.statements[name] = prepared
	}
	return h, db.QueryRowContext(ctx, "SELECT document FROM setup WHERE id = ?", one.ID).Scan(&h.document)
}

func (h *handSave) save(ctx context.Context, name string) error {
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	read := func(statement string, args ...any) (row [6]string, err error) {
		found, err := tx.StmtContext(ctx, h.statements[statement]).QueryContext(ctx, args...)
		if err != nil {
			return row, err
		}
		defer func() { _ = found.Close() }()
		for found.Next() {
			if err := found.Scan(&row[0], &row[1], &row[2], &row[3], &row[4], &row[5]); err != nil {
				return row, err
			}
		}
		return row, found.Err()
	}
	before, err := read("setup", h.id)
	if err != nil {
		return err
	}
	_, secretErr := read("secret", h.id)
	place, placeErr := read("place", h.placeID)
	_, parentErr := read("place", place[1])
	_, stageErr := read("stage", h.stageID)
	_, fieldErr := read("field", h.stageID)
	_, otherErr := read("other", h.placeID, h.stageID)
	var seq int64
	var hash []byte
	var none string
	lastErr := tx.StmtContext(ctx, h.statements["last"]).QueryRowContext(ctx).Scan(&seq, &hash, &none, &none, &none, &none)
	if err := errors.Join(secretErr, placeErr, parentErr, stageErr, fieldErr, otherErr, lastErr); err != nil {
		return err
	}
	search := "orders\ndelivery\n\nstage 002\nbearer token\nsms\n\n" + name + "\nhttp://127.0.0.1:9/v1/messages"
	changed, err := tx.StmtContext(ctx, h.statements["update"]).ExecContext(ctx, h.placeID, h.stageID, name, "http://127.0.0.1:9/v1/messages", h.document,
		"orders\x1fdelivery\x1f\x1fstage 002", search, h.version, h.id, h.version)
	if err != nil {
		return err
	}
	if n, err := changed.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errors.New("the setup was not there to save"), err)
	}
	if _, err := tx.StmtContext(ctx, h.statements["activity"]).ExecContext(ctx, seq+1, h.id, name, before[0], h.document, "admin\nsetup.update\nsetup\n"+name+"\n"+h.document, hash, hash[:16]); err != nil {
		return err
	}
	told := `{"id":"` + h.id + `","title":"` + name + `","place_id":"` + h.placeID + `","stage_id":"` + h.stageID + `","channel":"sms","enabled":true}`
	if _, err := tx.StmtContext(ctx, h.statements["event"]).ExecContext(ctx, fmt.Sprintf("%s-%d", h.id, h.version), time.Now().UnixMilli(), h.id, told); err != nil {
		return err
	}
	h.version++
	return tx.Commit()
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// newOffice makes a new office under a folder of this run, through the
// operations a person would use, and leaves its Org Admin signed in.
func (b *bench) newOffice(name string) (*backend.Backend, error) {
	// Cheap password hashes: the figure login measures what real ones cost.
	one := backend.New(backend.Options{Folder: filepath.Join(b.folder, name), Version: "bench", Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	if err := one.Open(b.ctx); err != nil {
		return nil, err
	}
	begun, err := one.Ops.Organisation.Begin(b.ctx, organisation.BeginInput{
		Organisation: "Bench", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "admin", FullName: "Ada Admin",
		Password: secret.New("correct-horse-battery-9"), Passphrase: secret.New("six words that only benchmarks know"),
	})
	if err == nil {
		code := begun.RecoveryCode
		_, err = one.Ops.Organisation.Confirm(b.ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]})
	}
	if err != nil {
		_ = one.Close()
		return nil, err
	}
	return one, nil
}

// officeIn makes an office with 5,000 setups in a folder, on which the window
// is timed; build/bench.sh types its passphrase and password.
func officeIn(folder string) error {
	ctx := access.WithSource(context.Background(), access.Source{Kind: access.Window, ID: "bench"})
	b := &bench{ctx: ctx, folder: filepath.Dir(folder)}
	one, err := b.newOffice(filepath.Base(folder))
	if err != nil {
		return err
	}
	if err := one.Close(); err != nil {
		return err
	}
	return fillFile(ctx, filepath.Join(folder, "keydesk.db"), generate(5000))
}

// stagesOf makes a place below a process, with stages that have one field
// each, Mobile.
func stagesOf(ctx context.Context, one *backend.Backend, parent, name string, count int) (process.Node, []string, error) {
	place, err := one.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{ParentID: parent, Name: name})
	if err != nil {
		return process.Node{}, nil, err
	}
	ids := []string{}
	for i := range count {
		stage, err := one.Ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: place.ID, Name: fmt.Sprintf("Stage %03d", i+1)})
		if err != nil {
			return process.Node{}, nil, err
		}
		field := process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Sample: "+919812345678"}
		if _, err := one.Ops.Process.CreateField(ctx, field); err != nil {
			return process.Node{}, nil, err
		}
		ids = append(ids, stage.ID)
	}
	return place, ids, nil
}

// byHand opens a database file as the store does, with the same pragmas, for
// the reference side: one connection and plain database/sql.
func byHand(path string, readOnly bool) (*sql.DB, error) {
	mode := "rw"
	pragmas := "&_busy_timeout=5000&_cache_size=-65536"
	if readOnly {
		mode = "ro"
		pragmas += "&_query_only=1"
	} else {
		pragmas += "&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_secure_delete=1"
	}
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode="+mode+"&_txlock=immediate"+pragmas)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA temp_store=MEMORY"); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

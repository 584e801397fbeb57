package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"keydesk/backend/setup"
	"keydesk/backend/store"
)

// measureSearch: a page of 50 with the capped count through the store, against
// the same SQL by hand, over 400 mixed terms.
func measureSearch(b *bench) error {
	return errors.Join(searchOver(b, 5000), searchOver(b, 100_000))
}

// searchTime is the time after which no further round begins.
const searchTime = 130 * time.Second

func searchOver(b *bench, count int) error {
	s := store.New(filepath.Join(b.folder, fmt.Sprint("search-", count)))
	if err := s.Open(b.ctx); err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	rows := generate(count)
	if err := fillFile(b.ctx, s.Path(), rows); err != nil {
		return err
	}
	db, err := byHand(s.Path(), true)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	hand := &handSearch{db: db, ready: map[int]handStatements{}}
	all := terms(rows)
	shares := slices.Repeat([][]string{all}, b.rounds)
	if count > 10_000 {
		// Many short rounds instead, each with all kinds of terms in it, as many
		// as a slow machine has time for.
		shares = slices.Collect(slices.Chunk(all, termKinds))
	}
	rounds, took := []pair{}, []float64{}
	per, began := len(shares[0]), time.Now()
	for _, share := range shares {
		if len(rounds) >= b.rounds && time.Since(began) > searchTime {
			break
		}
		var round pair
		for i, term := range share {
			ours := func() error {
				page, err := s.SetupPage(b.ctx, setup.ListInput{Search: term, Limit: 50})
				hand.want = len(page.Rows)
				return err
			}
			reference := func() error { return hand.page(b.ctx, term) }
			one, err := once(i, ours, reference)
			if err != nil {
				return err
			}
			if hand.got != hand.want {
				return fmt.Errorf("%q: %d rows through the store and %d by hand", term, hand.want, hand.got)
			}
			round.ours += one.ours
			round.reference += one.reference
			took = append(took, inMs(one.ours))
		}
		rounds = append(rounds, round)
	}
	b.print(ratioFigure(fmt.Sprint("search_", count), rounds, per, 1.5))
	slices.Sort(took)
	b.note("search over %d: %d searches, median %.2f ms, 99 of 100 within %.2f ms", count, len(took), median(took), took[len(took)*99/100])
	return nil
}

// once measures two sides, starting with one or the other.
func once(turn int, ours, reference func() error) (p pair, err error) {
	sides := []func() error{
		func() (err error) { p.ours, err = timed(ours); return err },
		func() (err error) { p.reference, err = timed(reference); return err },
	}
	if turn%2 == 1 {
		slices.Reverse(sides)
	}
	return p, errors.Join(sides[0](), sides[1]())
}

func fillFile(ctx context.Context, path string, rows []setupRow) error {
	db, err := byHand(path, false)
	if err != nil {
		return err
	}
	return errors.Join(fill(ctx, db, rows), db.Close())
}

// handSearch is the search written for this case alone: two prepared
// statements, and values scanned where they are.
type handSearch struct {
	db        *sql.DB
	ready     map[int]handStatements // by number of words
	got, want int
}

type handStatements struct{ count, page *sql.Stmt }

func (h *handSearch) page(ctx context.Context, term string) error {
	words := strings.Fields(term)
	statements, err := h.statements(ctx, len(words))
	if err != nil {
		return err
	}
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	args := make([]any, len(words), len(words)+1)
	for i, word := range words {
		args[i] = "%" + escape.Replace(strings.ToLower(word)) + "%"
	}
	found, err := statements.page.QueryContext(ctx, append(args, 51)...)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	h.got = 0
	more := false
	for found.Next() {
		more = more || h.got == 50
		var id, channel, provider, name, auth, method, url, verdict, key, own, above, top, stage string
		var enabled, tlsOff bool
		var at, version, deleted int64
		err := found.Scan(&id, &channel, &provider, &enabled, &name, &auth, &method, &url, &verdict, &at, &version, &deleted, &tlsOff, &key, &own, &above, &top, &stage)
		if err != nil {
			return err
		}
		h.got = min(h.got+1, 50)
	}
	if err := found.Err(); err != nil || !more {
		return err // the rows of the page are the count
	}
	_ = found.Close()
	var count int
	return statements.count.QueryRowContext(ctx, append(args, 1001)...).Scan(&count)
}

func (h *handSearch) statements(ctx context.Context, words int) (handStatements, error) {
	if ready, ok := h.ready[words]; ok {
		return ready, nil
	}
	where := " WHERE s.deleted_ms = 0" + strings.Repeat(` AND s.search LIKE ? ESCAPE '\'`, words)
	count, err := h.db.PrepareContext(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM setup s"+where+" LIMIT ?)")
	if err != nil {
		return handStatements{}, err
	}
	page, err := h.db.PrepareContext(ctx, `SELECT s.id, s.channel, s.provider, s.enabled, s.name, s.auth_type, s.method, s.url, s.last_verdict, s.last_at_ms,
		s.version, s.deleted_ms, s.tls_off, s.path_key, COALESCE(p.name, ''), COALESCE(q.name, ''), COALESCE(r.name, ''), COALESCE(t.name, '')
		FROM setup s LEFT JOIN place p ON p.id = s.place_id LEFT JOIN place q ON q.id = p.parent_id LEFT JOIN place r ON r.id = q.parent_id
		LEFT JOIN stage t ON t.id = s.stage_id`+where+" ORDER BY s.path_key ASC, s.id ASC LIMIT ?")
	h.ready[words] = handStatements{count, page}
	return h.ready[words], err
}

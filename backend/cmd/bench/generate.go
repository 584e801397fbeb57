package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
)

// seed makes every run search the same rows for the same terms.
const seed = 20240601

var (
	verbs    = []string{"Send", "Notify", "Remind", "Confirm", "Announce", "Escalate", "Acknowledge", "Request"}
	nouns    = []string{"order", "parcel", "invoice", "appointment", "payment", "refund", "visit", "delivery", "receipt", "contract", "renewal", "complaint"}
	states   = []string{"shipped", "delayed", "booked", "cancelled", "overdue", "settled", "returned", "approved", "rejected", "collected"}
	services = []string{"vonage", "twilio", "msg91", "gupshup", "infobip", "sendgrid", "mailgun", "plivo"}
	channels = []struct{ value, label string }{{"sms", "SMS"}, {"whatsapp_business", "WhatsApp Business"}, {"email", "Email"}}
	auths    = []struct{ value, label string }{
		{"none", "NoAuth"}, {"api_key", "API Key"}, {"bearer", "Bearer Token"}, {"basic", "Basic Auth"}, {"oauth2", "OAuth 2.0"},
	}
)

// stagesAPlace is how many stages each place at the bottom of the tree has; a
// stage has one setup per channel.
const stagesAPlace = 4

// setupRow is one generated setup, with the texts the store derives.
type setupRow struct {
	place         int // which bottom place
	stage         int // which of its stages
	channel, auth int
	provider      string
	name, url     string
	pathKey       string
	subKey        string
	subSubKey     string
	stageKey      string
	search        string
	process       string
	sub, subSub   string
	stageName     string
}

// bottoms is how many bottom places a number of setups needs.
func bottoms(count int) int {
	perPlace := stagesAPlace * len(channels)
	return (count + perPlace - 1) / perPlace
}

// placeNames are the three names above a bottom place: 30 processes, 25 sub
// processes in each, and as many beneath as it takes.
func placeNames(place int) (process, sub, subSub string) {
	return fmt.Sprintf("Process %02d", place%30), fmt.Sprintf("Branch %02d", place/30%25), fmt.Sprintf("Desk %03d", place/750)
}

// generate makes the rows: all ASCII, so that folding them only makes them
// lower-case. One word is in 12 rows (zebra), one in 1 % (premium), one in 9 %
// (weekly), one in all (https).
func generate(count int) []setupRow {
	random := rand.New(rand.NewPCG(seed, uint64(count)))
	rows := make([]setupRow, count)
	for i := range rows {
		r := &rows[i]
		r.place = i / (stagesAPlace * len(channels))
		r.stage = i / len(channels) % stagesAPlace
		r.channel = i % len(channels)
		// Skewed: low numbers are common, as in an office.
		r.auth = min(random.IntN(5), random.IntN(5))
		r.provider = services[min(random.IntN(8), random.IntN(8))]
		owner := min(random.IntN(900), random.IntN(900))
		r.name = fmt.Sprintf("%s %s %s owner-%03d", pick(random, verbs), pick(random, nouns), pick(random, states), owner)
		switch {
		case i%max(1, count/12) == max(1, count/12)/2:
			r.name += " zebra"
		case i%100 == 7:
			r.name += " premium"
		case i%11 == 3:
			r.name += " weekly"
		}
		r.url = fmt.Sprintf("https://api.%s.example/v%d/%s/%016x/messages", r.provider, 1+random.IntN(3), pick(random, nouns), random.Uint64())
		r.process, r.sub, r.subSub = placeNames(r.place)
		r.stageName = fmt.Sprintf("Stage %d", r.stage+1)
		lower := strings.ToLower
		r.subKey, r.subSubKey, r.stageKey = lower(r.sub), lower(r.subSub), lower(r.stageName)
		r.pathKey = strings.Join([]string{lower(r.process), r.subKey, r.subSubKey, r.stageKey}, "\x1f")
		r.search = lower(strings.Join([]string{r.process, r.sub, r.subSub, r.stageName, auths[r.auth].label, channels[r.channel].label, r.provider, r.name, r.url}, "\n"))
	}
	return rows
}

func pick(random *rand.Rand, words []string) string { return words[random.IntN(len(words))] }

// termKinds is how many consecutive terms have every kind in them.
const termKinds = 20

// terms makes 400 mixed searches over rows: parts of words, words, pieces of
// names, pieces of a pasted URL, owners, and texts that are nowhere. They are
// mixed so that any run of them has all kinds.
func terms(rows []setupRow) []string {
	random := rand.New(rand.NewPCG(seed, 400))
	words := append(append(append([]string{"zebra", "premium", "weekly", "https"}, nouns...), states...), services...)
	list := make([]string, 400)
	for i := range list {
		row := rows[random.IntN(len(rows))]
		switch i % termKinds {
		case 0, 1, 2, 3: // part of a word
			word := pick(random, words)
			from := random.IntN(len(word) - 2)
			list[i] = word[from : from+min(3+random.IntN(3), len(word)-from)]
		case 4, 5, 6, 7, 8:
			list[i] = pick(random, words)
		case 9, 10, 11, 12: // a piece of a name, more than one word
			from := random.IntN(8)
			list[i] = strings.TrimSpace(row.name[from : from+14])
		case 13, 14, 15: // 32 bytes of a URL
			from := random.IntN(len(row.url) - 32)
			list[i] = row.url[from : from+32]
		case 16, 17:
			list[i] = row.name[strings.Index(row.name, "owner-"):][:9]
		default:
			list[i] = fmt.Sprintf("absent-%05x", random.IntN(1<<20))
		}
	}
	return list
}

// fill writes the rows into the store's own tables, in one transaction.
func fill(ctx context.Context, db *sql.DB, rows []setupRow) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	insert := func(query string) (*sql.Stmt, error) { return tx.PrepareContext(ctx, query) }
	intoPlace, err := insert("INSERT OR IGNORE INTO place (id, parent_id, level, name, name_key, code, version) VALUES (?, ?, ?, ?, ?, ?, 1)")
	if err != nil {
		return err
	}
	intoStage, err := insert("INSERT INTO stage (id, place_id, name, name_key, code, position, version) VALUES (?, ?, ?, ?, ?, ?, 1)")
	if err != nil {
		return err
	}
	intoSetup, err := insert(`INSERT INTO setup (id, place_id, stage_id, channel, provider, enabled, name, auth_type, method, url, document,
		path_key, sub_process_key, sub_sub_process_key, stage_key, search, provider_name, provider_key, last_verdict, last_at_ms, version, created_ms, updated_ms, deleted_ms)
		VALUES (?, ?, ?, ?, ?, 1, ?, ?, 'POST', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 1, 0, 0, 0)`)
	if err != nil {
		return err
	}
	for place := range bottoms(len(rows)) {
		process, sub, subSub := placeNames(place)
		parent := any(nil)
		id := "place"
		for level, name := range []string{process, sub, subSub} {
			id += "/" + name
			if _, err := intoPlace.ExecContext(ctx, id, parent, level+1, name, strings.ToLower(name), name); err != nil {
				return err
			}
			parent = id
		}
		for stage := range stagesAPlace {
			name := fmt.Sprintf("Stage %d", stage+1)
			if _, err := intoStage.ExecContext(ctx, id+"#"+name, id, name, strings.ToLower(name), name, stage+1); err != nil {
				return err
			}
		}
	}
	// As long as a document of two headers and three parameters is.
	document := `{"request":{"stage_params":[]},"filler":"` + strings.Repeat("x", 1200) + `"}`
	for _, r := range rows {
		id := "place/" + r.process + "/" + r.sub + "/" + r.subSub
		_, err := intoSetup.ExecContext(ctx, uuid.Must(uuid.NewV7()).String(), id, id+"#"+r.stageName, channels[r.channel].value, r.provider, r.name,
			auths[r.auth].value, r.url, document, r.pathKey, r.subKey, r.subSubKey, r.stageKey, r.search, r.provider, r.provider)
		if err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

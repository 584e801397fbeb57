package setup

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/curl"
	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

// PasteInput is an example as a provider's help page shows it: one curl line.
type PasteInput struct {
	Line string `json:"line" validate:"required"`
}

// Pasted is what was read from an example: a draft to continue with, what will
// be made, what cannot be carried over and why, and which values look secret. The
// secrets stay here, under ID, which the form gives as its Source.PasteID.
// Nothing is saved before the form is.
type Pasted struct {
	ID         string      `json:"id"`
	Draft      Draft       `json:"draft"`
	Dialect    string      `json:"dialect"`
	Made       []curl.Item `json:"made"`
	NotCarried []curl.Item `json:"not_carried"`
	Secrets    []string    `json:"secrets"`
	// Provider is the known provider whose address this is; nil for none.
	Provider *PastedProvider `json:"provider"`
}

// PastedProvider is the example as a setup of a known provider. PasteID is where
// its secrets are; LeftOut names what the provider's request does not have.
type PastedProvider struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	PasteID string   `json:"paste_id"`
	Draft   Draft    `json:"draft"`
	LeftOut []string `json:"left_out"`
}

// OpPaste reads an example.
var OpPaste = access.Op[PasteInput, Pasted]{Name: "setup.paste", Does: "looked at a pasted example", Mode: access.Read, Needs: []access.Permission{access.CreateSetup}}

var errPasteGone = fault.New(fault.Conflict, "setup.paste_gone", "The pasted example is no longer held, so its secrets are gone.").
	WithHint("Paste it again.")

// What is pasted is held in memory only: a few examples, for an hour, for the
// session that pasted them.
const (
	keptPastes = 20
	keepPaste  = time.Hour
)

type pasted struct {
	id      string
	at      time.Time
	session string
	base    base
}

// Paste reads a curl line into a draft (RULES.md, API Key Setup).
func (s *Service) Paste(ctx context.Context, in PasteInput) (Pasted, error) {
	read, err := curl.Read(in.Line)
	if err != nil {
		return Pasted{}, err
	}
	options := Options{Redirects: read.Options.Redirects, TimeoutSeconds: read.Options.TimeLimit}
	held := s.hold(ctx, Draft{Channel: SMS, Enabled: true, Request: read.Spec, Options: options})
	out := Pasted{
		ID: held.id, Draft: held.base.setup.Draft, Dialect: read.Dialect,
		Made: read.Made, NotCarried: read.NotCarried, Secrets: read.Secrets,
	}
	if found, ok := s.providers.Recognise(ctx, read.Spec); ok {
		p := found.Provider
		draft := Draft{Provider: p.ID, Enabled: true, Options: options}
		started, _ := p.Start(found.Input.Channel, found.Input) // the form asks for what is missing
		draft.take(started)
		own := s.hold(ctx, draft)
		out.Provider = &PastedProvider{ID: p.ID, Name: p.Name, PasteID: own.id, Draft: own.base.setup.Draft, LeftOut: found.LeftOut}
	}
	return out, nil
}

// hold keeps a draft's secrets in memory under a new id.
func (s *Service) hold(ctx context.Context, draft Draft) pasted {
	m := merged{draft: draft}
	normalise(&m.draft)
	texts := map[string]secret.Text{}
	for _, one := range slots(&m.draft) {
		if one.Value.Secret && !one.Value.Typed.IsEmpty() {
			texts[one.ID] = one.Value.Typed
		}
	}
	known := map[string]slot.Held{}
	for id, text := range texts {
		traits := request.TraitsOf(text)
		known[id] = slot.Held{Traits: &traits}
	}
	held := pasted{
		id: uuid.Must(uuid.NewV7()).String(), at: s.now(), session: access.From(ctx).Caller.SessionID,
		base: base{setup: Setup{Draft: m.shown()}, held: known, texts: func(context.Context) (map[string]secret.Text, error) {
			return maps.Clone(texts), nil
		}},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pastes = append(s.pastes, held)
	if len(s.pastes) > keptPastes {
		s.pastes = s.pastes[1:]
	}
	return held
}

// fromPaste finds a pasted example of this session by its id.
func (s *Service) fromPaste(ctx context.Context, id string) (*base, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, held := range s.pastes {
		if held.id == id && held.session == access.From(ctx).Caller.SessionID && s.now().Sub(held.at) < keepPaste {
			return &held.base, nil
		}
	}
	return nil, errPasteGone
}

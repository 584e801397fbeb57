package setup

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// slot is one place in a draft where a value may be secret. Its id is stable
// and names the sealed secret; it is never a position, so that moved or
// deleted rows cannot swap secrets.
type slot struct {
	id    string
	path  string // JSON path in the draft, for messages
	value *request.Value
}

// slots lists every place of the draft's auth type and rows.
func slots(spec *request.Spec) []slot {
	list := []slot{}
	add := func(id, path string, value *request.Value) {
		list = append(list, slot{id: id, path: "draft.request." + path, value: value})
	}
	auth := &spec.Auth
	switch auth.Type {
	case request.APIKey:
		add("auth.key_value", "auth.key_value", &auth.KeyValue)
	case request.Bearer:
		add("auth.token", "auth.token", &auth.Token)
	case request.Basic:
		add("auth.password", "auth.password", &auth.Password)
	case request.OAuth2:
		if auth.FetchToken {
			add("auth.client_secret", "auth.client_secret", &auth.ClientSecret)
		} else {
			add("auth.oauth_token", "auth.token", &auth.Token)
		}
	}
	for i := range spec.Headers {
		add("header."+spec.Headers[i].ID, fmt.Sprintf("headers[%d].value", i), &spec.Headers[i].Value)
	}
	for i := range spec.Params {
		add("param."+spec.Params[i].ID, fmt.Sprintf("params[%d].value", i), &spec.Params[i].Value)
	}
	for i := range spec.Fixed {
		add("fixed."+spec.Fixed[i].ID, fmt.Sprintf("fixed[%d].value", i), &spec.Fixed[i].Value)
	}
	return list
}

// normalise keeps only what the chosen auth type uses (A34), gives rows their
// ids, and empties what cannot be secret and plain at once.
func normalise(draft *Draft) {
	spec := &draft.Request
	old := spec.Auth
	// A token that only names a field of the provider is no secret itself.
	hide := func(v *request.Value) { v.Secret = v.Secret || !request.IsReference(v.Plain) }
	auth := request.Auth{Type: old.Type}
	switch old.Type {
	case request.APIKey:
		auth.KeyName, auth.KeyValue, auth.AddTo = old.KeyName, old.KeyValue, old.AddTo
	case request.Bearer:
		auth.Token = old.Token
		hide(&auth.Token)
	case request.Basic:
		auth.Username, auth.Password = old.Username, old.Password
		hide(&auth.Password)
	case request.OAuth2:
		auth.HeaderPrefix, auth.FetchToken = old.HeaderPrefix, old.FetchToken
		if old.FetchToken {
			auth.TokenURL, auth.ClientID, auth.ClientSecret, auth.Scopes = old.TokenURL, old.ClientID, old.ClientSecret, old.Scopes
			hide(&auth.ClientSecret)
		} else {
			auth.Token = old.Token
			hide(&auth.Token)
		}
	}
	spec.Auth = auth
	seen := map[string]bool{}
	identify := func(id *string) {
		if *id == "" || len(*id) > 64 || seen[*id] {
			*id = uuid.Must(uuid.NewV7()).String()
		}
		seen[*id] = true
	}
	// Copies, so that the caller's draft is not changed beneath it.
	spec.Headers = append([]request.Header{}, spec.Headers...)
	spec.Params = append([]request.Param{}, spec.Params...)
	spec.StageParams = append([]request.StageParam{}, spec.StageParams...)
	spec.Fixed = append([]request.Field{}, spec.Fixed...)
	for i := range spec.Headers {
		identify(&spec.Headers[i].ID)
	}
	for i := range spec.Params {
		identify(&spec.Params[i].ID)
	}
	for i := range spec.StageParams {
		identify(&spec.StageParams[i].ID)
	}
	for i := range spec.Fixed {
		identify(&spec.Fixed[i].ID)
	}
	for _, s := range slots(spec) {
		if s.value.Secret {
			s.value.Plain = ""
		} else {
			s.value.Typed = request.Value{}.Typed
			s.value.Stored = false
		}
	}
}

// merged is a draft whose secrets are all at hand.
type merged struct {
	draft Draft
	// write lists the slots whose text has to be sealed anew.
	write []slot
	// keep lists the slots that stay as they are stored.
	keep map[string]bool
	// held names every slot in which base has a secret, of rows that are gone
	// from its draft too.
	held []string
	// missing lists the slots whose secret stayed behind where the draft came
	// from (arrive.go); for what is typed in the form there are none.
	missing map[string]bool
}

// merge brings a draft together with the secrets stored for base, the setup it
// edits or copies (nil for none). A stored secret is used only while scheme,
// host and port stay what they were with fixed fields filled in, those of the
// token URL too where the secret can go there, and the TLS check stays on;
// otherwise it must be typed again, at its field. Nothing is dropped silently
// (product.md 6, security.md S3). copying tells that base is another setup, so
// kept secrets are sealed anew.
func (s *Service) merge(ctx context.Context, base *Setup, draft Draft, copying bool) (merged, error) {
	normalise(&draft)
	out := merged{draft: draft, keep: map[string]bool{}}
	out.draft.Request = draft.Request
	stored := map[string]bool{}
	var before Draft
	if base != nil {
		before = base.Draft
		normalise(&before)
		texts, err := s.texts(ctx, base.ID)
		if err != nil {
			return merged{}, err
		}
		reveal(texts, &before.Request, stored)
		out.held = slices.Sorted(maps.Keys(texts))
	}
	was := map[string]request.Value{}
	for _, old := range slots(&before.Request) {
		was[old.id] = *old.value
	}
	var fields fault.Fields
	kept := []slot{}
	for _, now := range slots(&out.draft.Request) {
		switch {
		case !now.value.Secret:
			if stored[now.id] && now.value.Plain == "" {
				fields.Add(now.path, "This value was secret. Type it again to store it as plain text, or mark it as secret to keep it.")
			}
		case !now.value.Typed.IsEmpty():
			out.write = append(out.write, now)
		case now.value.Stored && !stored[now.id] && stored[detachedFrom(now.id)] && before.Provider != "" && out.draft.Provider == "":
			// A provider's field that became a row of the person's own.
			now.value.Typed = was[detachedFrom(now.id)].Typed
			kept = append(kept, now)
			out.write = append(out.write, now)
		case now.value.Stored && stored[now.id]:
			now.value.Typed = was[now.id].Typed
			kept = append(kept, now)
		case now.value.Stored:
			now.value.Stored = false
			fields.Add(now.path, "No secret is stored for this. Type it again.")
		}
	}
	if len(kept) > 0 && base != nil {
		moved := destination(before) != destination(out.draft) || out.draft.Options.SkipTLSCheck && !before.Options.SkipTLSCheck
		tokenNow := tokenDestination(out.draft)
		tokenMoved := tokenDestination(before) != tokenNow
		// What a variable can stand for can be named in what fetches a token,
		// now or in a later save.
		tokenElsewhere := tokenMoved && tokenNow != "" && tokenNow != destination(out.draft)
		foreign := s.otherAccount(before.Provider, out.draft.Provider)
		for _, now := range kept {
			if foreign && strings.HasPrefix(now.id, "fixed.") {
				fields.Add(now.path, "This belongs to the account of the provider chosen before. Type the one of this provider.")
				continue
			}
			if moved || tokenMoved && now.id == "auth.client_secret" {
				fields.Add(now.path, "The address this goes to changed, or its TLS check went off. Type this value again: a stored secret is never sent to a new address.")
			} else if tokenElsewhere && isVariable(now.id) {
				fields.Add(now.path, "The token is fetched at a new address, where this value could go. Type it again: a stored secret is never sent to a new address.")
			}
		}
	}
	if err := fields.Err("setup.retype"); err != nil {
		return merged{}, err
	}
	for _, now := range kept {
		if copying && !stored[now.id] {
			continue // to be written already
		}
		if copying {
			out.write = append(out.write, now)
		} else {
			out.keep[now.id] = stored[now.id]
		}
	}
	return out, nil
}

// isVariable tells whether a slot is one that templates can name: a fixed
// field, or a custom parameter once it is sent nowhere (R2, R3).
func isVariable(slot string) bool {
	return strings.HasPrefix(slot, "fixed.") || strings.HasPrefix(slot, "param.")
}

// otherAccount tells whether two providers have accounts of their own, so that
// a credential of one is none of the other's business, even at one address. A
// file that is gone is an account of its own.
func (s *Service) otherAccount(before, now string) bool {
	if before == "" || now == "" || before == now {
		return false
	}
	account := func(id string) string {
		if p, err := s.providers.Get(id); err == nil {
			return p.Account
		}
		return "?" + id
	}
	return account(before) != account(now)
}

// reveal fills a spec with the secrets stored for its setup and notes which
// slots have one.
func reveal(texts map[string]secret.Text, spec *request.Spec, stored map[string]bool) {
	for _, one := range slots(spec) {
		text, have := texts[one.id]
		if !one.value.Secret || !have {
			continue
		}
		one.value.Typed = text
		stored[one.id] = true
	}
}

// texts gives the secrets held for a setup, or for a pasted example.
func (s *Service) texts(ctx context.Context, id string) (map[string]secret.Text, error) {
	if !isPaste(id) {
		return s.secrets.All(ctx, Kind, id)
	}
	held, err := s.fromPaste(ctx, id)
	return held.texts, err
}

// destination is scheme, host and port with fixed fields filled in; an address
// that cannot be read is a destination of its own.
func destination(draft Draft) string {
	scheme, host, port, err := request.Target(draft.Request)
	if err != nil {
		return "?" + draft.Request.URL
	}
	return scheme + "://" + host + ":" + port
}

func tokenDestination(draft Draft) string {
	if draft.Request.Auth.Type != request.OAuth2 || !draft.Request.Auth.FetchToken {
		return ""
	}
	scheme, host, port, err := request.TokenTarget(draft.Request)
	if err != nil {
		return "?" + draft.Request.Auth.TokenURL
	}
	return scheme + "://" + host + ":" + port
}

// shown is the draft as it is stored and shown: every secret gone, with a mark
// that one is stored.
func (m merged) shown() Draft {
	draft := m.draft
	draft.Request.Headers = append([]request.Header{}, draft.Request.Headers...)
	draft.Request.Params = append([]request.Param{}, draft.Request.Params...)
	draft.Request.Fixed = append([]request.Field{}, draft.Request.Fixed...)
	for _, one := range slots(&draft.Request) {
		if one.value.Secret {
			*one.value = request.Value{Secret: true, Stored: !one.value.Typed.IsEmpty()}
		}
	}
	return draft
}

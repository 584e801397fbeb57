package setup

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"

	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
	"keydesk/backend/typed"
)

// slots lists every place of the draft's auth type and rows where a value may
// be secret, and the secret fields of its provider that a choice hides.
func slots(draft *Draft) []slot.Slot {
	spec := &draft.Request
	list := []slot.Slot{}
	add := func(id, path string, value *request.Value) *slot.Slot {
		list = append(list, slot.Slot{ID: id, Path: "draft.request." + path, Value: value})
		return &list[len(list)-1]
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
			add("auth.client_secret", "auth.client_secret", &auth.ClientSecret).FetchesToken = true
		} else {
			add("auth.oauth_token", "auth.token", &auth.Token)
		}
	}
	for i := range spec.Headers {
		add("header."+spec.Headers[i].ID, fmt.Sprintf("headers[%d].value", i), &spec.Headers[i].Value)
	}
	for i := range spec.Params {
		// A custom parameter is a variable once it is sent nowhere (R3). It may have
		// been a field of the provider before (provider.Detached).
		one := add("param."+spec.Params[i].ID, fmt.Sprintf("params[%d].value", i), &spec.Params[i].Value)
		one.Variable, one.From = true, slot.FixedPrefix+spec.Params[i].ID
	}
	for i := range spec.Fixed {
		one := add(slot.FixedPrefix+spec.Fixed[i].ID, fmt.Sprintf("fixed[%d].value", i), &spec.Fixed[i].Value)
		one.Variable, one.OfProvider = true, true
	}
	// A field that is hidden now has the slot it had while it was shown: the row
	// of a provider's field has the field's id as its id.
	for i := range draft.hiddenFrom() {
		one := add("", "", &draft.Entered.Values[i].Value)
		one.ID, one.Path = slot.FixedPrefix+draft.Entered.Values[i].ID, fmt.Sprintf("draft.entered.values[%d].value", i)
		one.Variable, one.OfProvider, one.Hidden = true, true, true
	}
	return list
}

// hiddenFrom gives the positions of the secrets that were entered in fields
// which the request does not have now.
func (d *Draft) hiddenFrom() iter.Seq[int] {
	return func(yield func(int) bool) {
		if d.Entered == nil {
			return
		}
		for i, one := range d.Entered.Values {
			shown := slices.ContainsFunc(d.Request.Fixed, func(f request.Field) bool { return f.Name == one.ID })
			if one.Value.Secret && !shown && !yield(i) {
				return
			}
		}
	}
}

// normalise keeps only what the chosen auth type uses (A34), gives rows their
// ids, empties what cannot be secret and plain at once, and cleans the name.
func normalise(draft *Draft) {
	draft.Name = typed.Name(draft.Name)
	spec := &draft.Request
	old := spec.Auth
	// A token that only names a field of the provider is not itself secret.
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
			auth.ClientIn = old.ClientIn
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
	// Copies, so that the caller's draft does not change.
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
	if draft.Provider == "" {
		draft.Entered, draft.ByHand = nil, nil
	}
	if draft.Entered != nil {
		entered := draft.Entered.Clone()
		draft.Entered = &entered
	}
	slot.Tidy(slots(draft))
}

// merged is a draft in which each secret is typed, marked as stored, or missing,
// and what is to be done with them.
type merged struct {
	draft Draft
	slot.Merged
	// base is where its stored secrets are; nil for none.
	base *base
	// missing lists the slots whose secret did not come with an imported draft
	// (import.go); for a draft from the form it is empty.
	missing map[string]bool
}

// merge completes a draft and adds the secrets stored for base, the setup that
// it edits or copies (nil for none). copying says that base is another setup.
func (s *Service) merge(base *base, draft Draft, copying bool) (merged, error) {
	if err := tooLong(draft); err != nil {
		return merged{}, err
	}
	return s.join(base, s.complete(draft), copying)
}

// join is merge for a draft that is complete.
func (s *Service) join(base *base, draft Draft, copying bool) (merged, error) {
	normalise(&draft)
	change := slot.Change{Copying: copying}
	if base != nil {
		before := base.setup.Draft
		normalise(&before)
		change.Before = slot.Side{Slots: slots(&before), Bounds: bounds(before)}
		change.Held = base.held
		change.OtherAccount = s.providers.OtherAccount(before.Provider, draft.Provider)
		change.Moves = before.Provider != "" && draft.Provider == ""
	}
	out := merged{draft: draft, base: base}
	change.Now = slot.Side{Slots: slots(&out.draft), Bounds: bounds(out.draft)}
	var err error
	out.Merged, err = slot.Merge(change)
	out.draft.mirror()
	return out, err
}

// seal stores the new secrets of a setup.
func (s *Service) seal(ctx context.Context, m merged, id string) error {
	var from func(context.Context) (map[string]secret.Text, error)
	if m.base != nil {
		from = m.base.texts
	}
	return m.Seal(ctx, s.secrets, Kind, id, from)
}

// open fills in the stored secrets for firing and gives every secret of the draft
// and of its base. If one that is needed does not open, the error says where.
func (m *merged) open(ctx context.Context) ([]secret.Text, error) {
	texts := map[string]secret.Text{}
	if m.base != nil {
		stored, err := m.base.texts(ctx)
		if err != nil {
			return nil, err
		}
		texts = stored
	}
	all := slices.Collect(maps.Values(texts))
	for _, one := range m.Carry {
		if text, open := texts[one.From]; open {
			texts[one.ID] = text
		}
	}
	list := slots(&m.draft)
	err := slot.Fill(list, texts)
	for _, one := range list {
		all = append(all, one.Value.Typed)
	}
	m.draft.mirror()
	return all, err
}

// bounds is where a draft's secrets can go: the addresses with fixed fields
// filled in. One that cannot be read equals no other address.
func bounds(draft Draft) slot.Bounds {
	named := func(scheme, host, port string, err error, text string) string {
		if err != nil {
			return "?" + text
		}
		return scheme + "://" + host + ":" + port
	}
	spec := draft.Request
	scheme, host, port, err := request.Target(spec)
	out := slot.Bounds{Address: named(scheme, host, port, err, spec.URL), Unchecked: draft.Options.SkipTLSCheck}
	if spec.Auth.Type == request.OAuth2 && spec.Auth.FetchToken {
		scheme, host, port, err = request.TokenTarget(spec)
		out.Token = named(scheme, host, port, err, spec.Auth.TokenURL)
	}
	return out
}

// shown is the draft as it is stored and shown: every secret gone, with a mark
// that one is stored.
func (m merged) shown() Draft {
	draft := m.draft
	draft.Request.Headers = append([]request.Header{}, draft.Request.Headers...)
	draft.Request.Params = append([]request.Param{}, draft.Request.Params...)
	draft.Request.Fixed = append([]request.Field{}, draft.Request.Fixed...)
	if draft.Entered != nil {
		entered := draft.Entered.Clone()
		draft.Entered = &entered
	}
	slot.Hide(slots(&draft))
	draft.mirror()
	return draft
}

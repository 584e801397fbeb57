package setup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/slot"
)

// ImportInput is a draft that comes without its secrets, as from a file. Over
// names the setup it replaces and Version the one that was seen; an empty Over
// makes a new setup.
type ImportInput struct {
	Draft   Draft
	Over    string
	Version int
}

// Imported is what became of it. The lists hold JSON paths of the draft, as
// "draft.request.headers[0].value".
type Imported struct {
	Setup Setup
	// Kept are stored secrets that the setup keeps.
	Kept []string
	// Missing are secrets that have to be typed before it can be switched on.
	Missing []string
	// WasPlain are those of Missing whose value was plain text in the setup that
	// was replaced, so that it is in the history.
	WasPlain []string
	// Dropped are stored secrets of the replaced setup that no row takes over;
	// their paths are those of the draft as it was.
	Dropped []string
}

// ImportDraft saves a draft that came without its secrets. Over a setup it keeps
// those that merge lets it keep: scheme, host and port are equal with fixed
// fields filled in (S3). A row finds its secret by its name, since ids belong to
// one organisation. With a secret missing the setup is saved switched off, so that
// R10 never chooses one that cannot send. The TLS check is on, whatever the draft
// says (S5). Everything else is refused as in any other save.
func (s *Service) ImportDraft(ctx context.Context, in ImportInput) (Imported, error) {
	if in.Over == "" {
		m, err := s.mergeImport(nil, in.Draft)
		if err != nil {
			return Imported{}, err
		}
		one, err := s.insertMerged(ctx, m, false)
		return m.imported(one), err
	}
	before, err := s.read(ctx, in.Over)
	switch {
	case err != nil:
		return Imported{}, err
	case before.DeletedMs > 0:
		return Imported{}, ErrDeleted
	case before.Version != in.Version:
		return Imported{}, ErrStale
	}
	base, err := s.stored(ctx, before)
	if err != nil {
		return Imported{}, err
	}
	m, err := s.mergeImport(base, in.Draft)
	if err != nil {
		return Imported{}, err
	}
	one, err := s.updateMerged(ctx, before, m)
	out := m.imported(one)
	out.Dropped = m.dropped(before.Draft)
	out.WasPlain = m.wasPlain(before.Draft.Request)
	return out, err
}

// AtPlace gives the setups of exactly this place and channel, of each stage and
// of every stage, that are not deleted, oldest first.
func (s *Service) AtPlace(ctx context.Context, placeID string, channel Channel) ([]Candidate, error) {
	return s.store.Candidates(ctx, []string{placeID}, channel)
}

// mergeImport asks merge to keep every secret that base has stored, and drops
// those that merge refuses.
func (s *Service) mergeImport(base *base, draft Draft) (merged, error) {
	var was request.Spec
	if base != nil {
		was = base.setup.Draft.Request
	}
	if err := tooLong(draft); err != nil {
		return merged{}, err
	}
	draft = s.complete(draft)
	adopt(&draft.Request, was)
	normalise(&draft)
	draft.Options.SkipTLSCheck = base.keepsUnchecked(draft)
	for _, one := range slots(&draft) {
		if strings.HasPrefix(one.ID, "auth.") || one.Hidden {
			one.Value.Stored = one.Value.Secret && base != nil
		}
	}
	m, err := s.join(base, draft, false)
	if refused := (*fault.Error)(nil); errors.As(err, &refused) && refused.Code == slot.Retype {
		at := map[string]bool{}
		for _, field := range refused.Fields {
			at[field.Name] = true
		}
		for _, one := range slots(&draft) {
			if at[one.Path] {
				one.Value.Stored = false
			}
		}
		m, err = s.join(base, draft, false)
	}
	if err != nil {
		return merged{}, err
	}
	m.missing = map[string]bool{}
	for _, one := range slots(&m.draft) {
		if one.Value.Secret && one.Value.IsEmpty() && !one.Hidden {
			m.missing[one.ID] = true
		}
	}
	m.draft.Enabled = m.draft.Enabled && len(m.missing) == 0
	return m, nil
}

// keepsUnchecked tells whether the TLS check may stay off when a draft replaces or
// copies this setup, or is tested in its place: that is the choice of somebody in
// this organisation for one destination, so it stays as long as the destination
// does.
func (b *base) keepsUnchecked(draft Draft) bool {
	if !b.unchecked() {
		return false
	}
	before := b.setup.Draft
	normalise(&before)
	was, now := bounds(before), bounds(draft)
	return was.Address == now.Address && was.Token == now.Token
}

// adopt gives secret rows the ids that secret rows of the same name have in
// base, in order, and marks them as stored, so that they find their secret. A
// secret row of another name never takes a secret because the ids happen to be
// equal.
func adopt(spec *request.Spec, base request.Spec) {
	headers, params, fixed := stored{}, stored{}, stored{}
	for _, row := range base.Headers {
		headers.note(strings.ToLower(row.Name), row.ID, row.Value)
	}
	for _, row := range base.Params {
		params.note(row.Name, row.ID, row.Value)
	}
	for _, row := range base.Fixed {
		fixed.note(row.Name, row.ID, row.Value)
	}
	spec.Headers = append([]request.Header{}, spec.Headers...)
	spec.Params = append([]request.Param{}, spec.Params...)
	spec.Fixed = append([]request.Field{}, spec.Fixed...)
	for i := range spec.Headers {
		row := &spec.Headers[i]
		headers.take(strings.ToLower(row.Name), &row.ID, &row.Value)
	}
	for i := range spec.Params {
		row := &spec.Params[i]
		params.take(row.Name, &row.ID, &row.Value)
	}
	for i := range spec.Fixed {
		row := &spec.Fixed[i]
		fixed.take(row.Name, &row.ID, &row.Value)
	}
}

// stored holds the ids of one list's secret rows by their names.
type stored map[string][]string

func (s stored) note(name, id string, value request.Value) {
	if value.Secret {
		s[name] = append(s[name], id)
	}
}

// take gives a secret row the next id of its name. If there is none the row
// keeps its id, unless another secret row has that id.
func (s stored) take(name string, id *string, value *request.Value) {
	ids := s[name]
	value.Stored = value.Secret && len(ids) > 0
	switch {
	case value.Stored:
		*id, s[name] = ids[0], ids[1:]
	case value.Secret && s.holds(*id):
		*id = ""
	}
}

func (s stored) holds(id string) bool {
	for _, ids := range s {
		if slices.Contains(ids, id) {
			return true
		}
	}
	return false
}

// checked is the draft as check looks at it: a secret that is still to be typed
// counts as present, since an import cannot supply it.
func (m merged) checked() Draft {
	draft := m.draft
	if len(m.missing) == 0 {
		return draft
	}
	draft.Request.Headers = append([]request.Header{}, draft.Request.Headers...)
	draft.Request.Params = append([]request.Param{}, draft.Request.Params...)
	draft.Request.Fixed = append([]request.Field{}, draft.Request.Fixed...)
	for _, one := range slots(&draft) {
		if m.missing[one.ID] {
			one.Value.Stored = true
		}
	}
	draft.mirror()
	return draft
}

func (m merged) imported(one Setup) Imported {
	out := Imported{Setup: one, Kept: []string{}, Missing: []string{}, Dropped: []string{}, WasPlain: []string{}}
	for _, at := range slots(&m.draft) {
		switch {
		case m.missing[at.ID]:
			out.Missing = append(out.Missing, at.Path)
		case m.Keep[at.ID]:
			out.Kept = append(out.Kept, at.Path)
		}
	}
	return out
}

func (m merged) dropped(before Draft) []string {
	paths := []string{}
	for _, at := range slots(&before) {
		if at.Value.Stored && !m.Keep[at.ID] && !m.missing[at.ID] {
			paths = append(paths, at.Path)
		}
	}
	return paths
}

// wasPlain lists the missing secrets whose value was plain text before. Rows are
// found by their names, as adopt does.
func (m merged) wasPlain(before request.Spec) []string {
	plain := map[string]bool{}
	for _, one := range named(&before) {
		if !one.value.Secret && one.value.Plain != "" && !request.IsReference(one.value.Plain) {
			plain[one.name] = true
		}
	}
	names := map[*request.Value]string{}
	for _, one := range named(&m.draft.Request) {
		names[one.value] = one.name
	}
	paths := []string{}
	for _, at := range slots(&m.draft) {
		if m.missing[at.ID] && plain[names[at.Value]] {
			paths = append(paths, at.Path)
		}
	}
	return paths
}

type namedValue struct {
	name  string
	value *request.Value
}

// named are the values of a request that a person may mark as secret, by their
// kind and the name of their row.
func named(spec *request.Spec) []namedValue {
	values := []namedValue{{"key value", &spec.Auth.KeyValue}}
	for i, row := range spec.Headers {
		values = append(values, namedValue{"header " + strings.ToLower(row.Name), &spec.Headers[i].Value})
	}
	for i, row := range spec.Params {
		values = append(values, namedValue{"param " + row.Name, &spec.Params[i].Value})
	}
	for i, row := range spec.Fixed {
		values = append(values, namedValue{"fixed " + row.Name, &spec.Fixed[i].Value})
	}
	return values
}

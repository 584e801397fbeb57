package setup

import (
	"context"
	"encoding/json"
	"slices"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

// Exposed is the code of the fault that names each secret whose text was saved as
// plain text before.
const Exposed = "setup.exposed"

const emptiedWords = "This value was plain text before. Enter a new one from the provider, or delete what is left of it."

const exposedWords = "This text was saved as plain text, so it is in this office's history. Enter a new one from the provider, and have the old one withdrawn there."

// refuseExposed refuses a typed secret that the setup, or the one it is copied
// from, was ever saved with as plain text: sealing it now would hide what
// everybody who sees the history can read. It does not matter how the value
// became a secret: by its mark, in another row, by a newer file of the provider,
// by an import. Once the text was erased from the history it is accepted.
//
// A value that is marked as secret and left empty is refused as well: its text was
// not carried over, and the setup would send nothing in its place.
//
// A text that the draft still has as plain text is left alone. It is not hidden,
// and a user name may well be its own password.
func (s *Service) refuseExposed(ctx context.Context, base *base, m merged) error {
	if base == nil || base.setup.ID == "" {
		return nil
	}
	secrets := slots(&m.draft)
	if !slices.ContainsFunc(secrets, func(one slot.Slot) bool { return one.Value.Secret && !one.Value.IsSealed() }) {
		return nil // all stay as they are stored
	}
	type typed struct {
		path         string
		is           func(plain string) bool
		short, found bool
	}
	var all []typed
	var fields fault.Fields
	now, was := plainTexts(m.draft.Request), plainSlots(base.setup.Draft)
	for _, one := range secrets {
		text := one.Value.Typed
		if one.Value.Secret && one.Value.IsEmpty() && was[one.ID] && !one.Hidden {
			fields.Add(one.Path, emptiedWords)
		}
		if text.IsEmpty() || request.IsReference(text.Reveal()) {
			continue
		}
		if is := recognises(text); !slices.ContainsFunc(now, is) {
			all = append(all, typed{path: one.Path, is: is, short: secret.TooShort(text)})
		}
	}
	if len(all) == 0 {
		return fields.Err(Exposed)
	}
	err := s.store.RecordedSetups(ctx, base.setup.ID, func(state string) {
		var was struct {
			Request request.Spec `json:"request"`
		}
		// Decoding is slow, and hardly any state has one of them. In a document a
		// short text cannot be told from a part of another.
		if !slices.ContainsFunc(all, func(one typed) bool { return one.short || one.is(state) }) {
			return
		}
		// What an older version recorded in another form is passed over.
		if json.Unmarshal([]byte(state), &was) != nil {
			return
		}
		texts := plainTexts(was.Request)
		for i := range all {
			all[i].found = all[i].found || slices.ContainsFunc(texts, all[i].is)
		}
	})
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.found {
			fields.Add(one.path, exposedWords)
		}
	}
	return fields.Err(Exposed)
}

// plainSlots names the slots of a saved draft that hold a plain text.
func plainSlots(draft Draft) map[string]bool {
	normalise(&draft)
	plain := map[string]bool{}
	for _, one := range slots(&draft) {
		plain[one.ID] = !one.Value.Secret && one.Value.Plain != "" && !request.IsReference(one.Value.Plain)
	}
	return plain
}

// recognises tells whether a plain text holds a secret, in any spelling. A secret
// of a few characters can be part of any word, so it has to be the whole text.
func recognises(text secret.Text) func(plain string) bool {
	if secret.TooShort(text) {
		return func(plain string) bool { return plain == text.Reveal() }
	}
	redactor := secret.NewRedactor(text)
	return func(plain string) bool { return redactor.Text(plain) != plain }
}

// plainTexts are the texts of a request in which a key may be: everything but
// names and choices.
func plainTexts(spec request.Spec) []string {
	a := spec.Auth
	texts := []string{
		spec.URL, spec.RawBody, a.KeyValue.Plain, a.Token.Plain, a.Username, a.Password.Plain, a.TokenURL, a.ClientID,
		a.ClientSecret.Plain, a.Scopes,
	}
	for _, row := range spec.Headers {
		texts = append(texts, row.Value.Plain)
	}
	for _, row := range spec.Params {
		texts = append(texts, row.Value.Plain)
	}
	for _, row := range spec.StageParams {
		texts = append(texts, row.Default)
	}
	for _, row := range spec.Fixed {
		texts = append(texts, row.Value.Plain)
	}
	return texts
}

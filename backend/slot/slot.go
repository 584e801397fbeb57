// Package slot keeps the secrets of one owner, such as a setup, in their
// places while what is around them changes.
//
// An owner lists its slots: every place where a value may be secret. A value
// arrives stored (keep what is there), new (typed) or gone. Merge says which
// stored secrets stay and which texts have to be sealed. It refuses a stored
// secret that would reach a place it was not stored for (RULES.md, API Key
// Setup, Destination). The package knows nothing of setups.
package slot

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// Slot is one place where a value may be secret.
type Slot struct {
	// ID is stable and names the sealed secret. It is never a position, so that
	// moved or deleted rows cannot swap secrets.
	ID string
	// Path is the value's JSON path at the door, for messages.
	Path  string
	Value *request.Value
	// From is another slot that the value may have moved here from; "" for none.
	From string
	// FetchesToken says that the value goes to the address of the token.
	FetchesToken bool
	// Variable says that templates can name the value, so that it can reach
	// every address of the owner.
	Variable bool
	// OfProvider says that the value is a field of the provider and so belongs
	// to an account there.
	OfProvider bool
	// Hidden says that the form does not show the value now, so that it cannot
	// ask for it. A secret that may not be kept is dropped.
	Hidden bool
}

// Bounds is where an owner's secrets can go. A part that cannot be read is a text
// that equals no address.
type Bounds struct {
	// Address is scheme, host and port of the call. Token is the same of the
	// address that fetches a token, "" if none is fetched.
	Address, Token string
	// Unchecked says that the TLS check is off.
	Unchecked bool
}

// Held is a secret that is stored, as far as it is known without opening it.
type Held struct {
	// Traits is nil if nothing is known of the text.
	Traits *request.Traits
	// Damaged says that it does not open, so that it can only stay where it is.
	Damaged bool
}

// Side is an owner before or after a change.
type Side struct {
	Slots  []Slot
	Bounds Bounds
}

// Change is what Merge decides about.
type Change struct {
	// Before is the owner as it is stored; empty for a new one.
	Before Side
	// Held are the secrets stored for it, by slot.
	Held map[string]Held
	// Now is what arrived. Merge marks in it which secrets stay.
	Now Side
	// Copying says that Now is another owner, so that what is kept has to be
	// sealed for it.
	Copying bool
	// OtherAccount says that the provider's fields belong to another account
	// than before. Moves allows Slot.From.
	OtherAccount, Moves bool
}

// Merged says what is to be done with an owner's secrets. No stored secret is
// opened for it.
type Merged struct {
	// Write lists the slots whose typed text has to be sealed.
	Write []Slot
	// Carry lists those whose secret comes from another slot or owner: it has to
	// be opened there and sealed here.
	Carry []Carried
	// Keep has the slots that stay as they are stored.
	Keep map[string]bool
	// Held names every slot with a secret in the store, also of rows that are
	// gone; none if the owner is a new one.
	Held []string
}

// Carried is a slot whose secret is in slot From of the owner it came from.
type Carried struct {
	Slot
	From string
}

// Retype is the code of the fault that names each value that has to be typed
// again.
const Retype = "setup.retype"

const damaged = "The secret stored for this can no longer be read. Type it again."

// Merge combines what arrived with the secrets that are stored. A stored secret
// is used only while its bounds are unchanged. Otherwise it must be typed again,
// and the error is a fault with the code Retype and a message at its field.
// Nothing is dropped silently (S3).
func Merge(c Change) (Merged, error) {
	out := Merged{Keep: map[string]bool{}}
	if !c.Copying {
		out.Held = slices.Sorted(maps.Keys(c.Held))
	}
	was := map[string]Held{}
	for _, before := range c.Before.Slots {
		if held, have := c.Held[before.ID]; have && before.Value.Secret {
			was[before.ID] = held
		}
	}
	var fields fault.Fields
	kept := []Slot{}
	for _, now := range c.Now.Slots {
		held, stored := was[now.ID]
		from, there := was[now.From]
		moves := !stored && c.Moves && now.From != "" && there
		if moves {
			held = from
		}
		switch {
		case !now.Value.Secret:
			if stored && now.Value.Plain == "" {
				fields.Add(now.Path, "This value was secret. Type it again to store it as plain text, or mark it as secret to keep it.")
			}
		case !now.Value.Typed.IsEmpty():
			out.Write = append(out.Write, now)
		case !now.Value.Stored:
		case !stored && !moves:
			now.Value.Stored = false
			if !now.Hidden {
				fields.Add(now.Path, "No secret is stored for this. Type it again.")
			}
		case now.Hidden && c.refused(now) != "":
			now.Value.Stored = false
		case held.Damaged && (moves || c.Copying):
			now.Value.Stored = false
			if !now.Hidden {
				fields.Add(now.Path, damaged)
			}
		default:
			now.Value.Traits = held.Traits
			switch {
			case moves:
				out.Carry = append(out.Carry, Carried{now, now.From})
			case c.Copying:
				out.Carry = append(out.Carry, Carried{now, now.ID})
			default:
				out.Keep[now.ID] = true
			}
			kept = append(kept, now)
		}
	}
	for _, one := range kept {
		if why := c.refused(one); why != "" {
			fields.Add(one.Path, "%s", why)
		}
	}
	return out, fields.Err(Retype)
}

// refused says why a stored secret may not be kept: it could reach a place it
// was not stored for. It is "" if the secret may be kept.
func (c Change) refused(one Slot) string {
	before, now := c.Before.Bounds, c.Now.Bounds
	moved := before.Address != now.Address || now.Unchecked && !before.Unchecked
	tokenMoved := before.Token != now.Token
	// The request that fetches a token can name a variable, now or after a later
	// save.
	tokenElsewhere := tokenMoved && now.Token != "" && now.Token != now.Address
	switch {
	case c.OtherAccount && one.OfProvider:
		return "This belongs to the account of the provider chosen before. Type the value for this provider."
	case moved, tokenMoved && one.FetchesToken:
		return "The address this goes to changed, or its TLS check was switched off. Type this value again: a stored secret is never sent to a new address."
	case tokenElsewhere && one.Variable:
		return "The token is fetched at a new address, where this value could go. Type it again: a stored secret is never sent to a new address."
	}
	return ""
}

// Fill gives each stored secret its text, for firing. texts are those that open.
// One that is shown and does not open is a fault with the code Retype.
func Fill(slots []Slot, texts map[string]secret.Text) error {
	var fields fault.Fields
	for _, one := range slots {
		if !one.Value.IsSealed() {
			continue
		}
		text, open := texts[one.ID]
		if !open && !one.Hidden {
			fields.Add(one.Path, damaged)
		}
		one.Value.Typed = text
	}
	return fields.Err(Retype)
}

// Tidy empties what a value cannot have: the plain text of a secret, and the
// stored or typed secret of a plain value.
func Tidy(slots []Slot) {
	for _, one := range slots {
		one.Value.Unreadable = false
		if one.Value.Secret {
			one.Value.Plain = ""
		} else {
			one.Value.Typed, one.Value.Stored = secret.Text{}, false
		}
	}
}

// Hide takes every secret out and marks those that are stored.
func Hide(slots []Slot) {
	for _, one := range slots {
		if one.Value.Secret {
			*one.Value = request.Value{Secret: true, Stored: !one.Value.IsEmpty()}
		}
	}
}

// Secrets keeps sealed values by owner and slot, in the context's transaction.
type Secrets interface {
	// PutWith seals a text; about is kept beside it in the clear.
	PutWith(ctx context.Context, ownerKind, ownerID, slot string, text secret.Text, about string) error
	Delete(ctx context.Context, ownerKind, ownerID, slot string) error
}

// Seal stores the new secrets for an owner and destroys those of slots that are
// no longer there. from opens those of the owner that the carried ones come from,
// by slot.
func (m Merged) Seal(ctx context.Context, secrets Secrets, ownerKind, ownerID string, from func(ctx context.Context) (map[string]secret.Text, error)) error {
	texts := map[string]secret.Text{} // of the slots to be written
	for _, one := range m.Write {
		texts[one.ID] = one.Value.Typed
	}
	if len(m.Carry) > 0 {
		opened, err := from(ctx)
		if err != nil {
			return err
		}
		var fields fault.Fields
		for _, one := range m.Carry {
			if text, open := opened[one.From]; open {
				texts[one.ID] = text
			} else {
				fields.Add(one.Path, damaged)
			}
		}
		if err := fields.Err(Retype); err != nil {
			return err
		}
	}
	for _, name := range m.Held {
		if !m.Keep[name] {
			if err := secrets.Delete(ctx, ownerKind, ownerID, name); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		if err := secrets.PutWith(ctx, ownerKind, ownerID, id, texts[id], About(id, texts[id])); err != nil {
			return err
		}
	}
	return nil
}

// FixedPrefix begins the ids of the slots whose text is sent as it is.
const FixedPrefix = "fixed."

// About is what is kept in the clear beside the secret of a slot: its traits. A
// text that is sent as it is names no variables, whatever is in its braces.
func About(id string, text secret.Text) string {
	traits := request.TraitsOf(text)
	if strings.HasPrefix(id, FixedPrefix) {
		traits.Names = nil
	}
	data, err := json.Marshal(traits)
	if err != nil {
		panic(err) // flags and names can always be marshalled
	}
	return string(data)
}

// HeldOf reads what is kept beside stored secrets.
func HeldOf(stored map[string]secret.Held) map[string]Held {
	held := make(map[string]Held, len(stored))
	for id, one := range stored {
		known := Held{Damaged: one.Damaged}
		var traits request.Traits
		if one.About != "" && json.Unmarshal([]byte(one.About), &traits) == nil {
			known.Traits = &traits
		}
		held[id] = known
	}
	return held
}

package slot_test

import (
	"slices"
	"testing"

	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

func stored() request.Value { return request.Value{Secret: true, Stored: true} }

func texts(ids ...string) map[string]secret.Text {
	all := map[string]secret.Text{}
	for _, id := range ids {
		all[id] = secret.New("secret of " + id)
	}
	return all
}

func held(ids ...string) map[string]slot.Held {
	all := map[string]slot.Held{}
	for id, text := range texts(ids...) {
		traits := request.TraitsOf(text)
		all[id] = slot.Held{Traits: &traits}
	}
	return all
}

// side is an owner with one stored slot for each letter, at one address.
func side(values map[string]*request.Value) slot.Side {
	out := slot.Side{Bounds: slot.Bounds{Address: "https://a:443"}}
	for _, id := range []string{"a", "b", "c", "d"} {
		if value := values[id]; value != nil {
			out.Slots = append(out.Slots, slot.Slot{ID: id, Path: "at." + id, Value: value})
		}
	}
	return out
}

func both() map[string]*request.Value {
	a, b := stored(), stored()
	return map[string]*request.Value{"a": &a, "b": &b}
}

func ids(slots []slot.Slot) []string {
	list := []string{}
	for _, one := range slots {
		list = append(list, one.ID)
	}
	return list
}

// S3: what arrives untouched keeps its secret, what is typed replaces it, what
// is gone is dropped, and two slots never swap.
func TestMergeKeepsReplacesAndDrops(t *testing.T) {
	now := both()
	typed := request.Value{Secret: true, Typed: secret.New("new")}
	now["b"] = &typed
	change := slot.Change{Before: side(both()), Held: held("a", "b", "gone"), Now: side(now)}
	m, err := slot.Merge(change)
	if err != nil {
		t.Fatal(err)
	}
	if !now["a"].Typed.IsEmpty() || !now["a"].IsSealed() {
		t.Error("a secret was opened to be kept")
	}
	if err := slot.Fill(change.Now.Slots, texts("a", "b", "gone")); err != nil || now["a"].Typed.Reveal() != "secret of a" || now["b"].Typed.Reveal() != "new" {
		t.Error("a value got another's secret")
	}
	if !slices.Equal(ids(m.Write), []string{"b"}) || !m.Keep["a"] || m.Keep["b"] || !slices.Equal(m.Held, []string{"a", "b", "gone"}) {
		t.Errorf("%+v", m)
	}
	change = slot.Change{Before: side(both()), Held: held("a", "b"), Now: side(both()), Copying: true}
	if m, err = slot.Merge(change); err != nil || len(m.Carry) != 2 || m.Carry[0].ID != "a" || m.Carry[1].From != "b" || len(m.Keep)+len(m.Write) != 0 {
		t.Errorf("a copy: %+v, %v", m, err)
	}
}

// S3: each way in which a stored secret could get to a place that it was not
// stored for is refused at its value.
func TestMergeRefusesAtTheValue(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(now *slot.Change)
		want   []string
	}{
		{"nothing changed", func(*slot.Change) {}, nil},
		{"another address", func(c *slot.Change) { c.Now.Bounds.Address = "https://b:443" }, []string{"at.a", "at.b"}},
		{"the TLS check off", func(c *slot.Change) { c.Now.Bounds.Unchecked = true }, []string{"at.a", "at.b"}},
		{"off before too", func(c *slot.Change) { c.Now.Bounds.Unchecked, c.Before.Bounds.Unchecked = true, true }, nil},
		{"a token from elsewhere, named by a variable", func(c *slot.Change) {
			c.Now.Bounds.Token, c.Now.Slots[0].Variable = "https://b:443", true
		}, []string{"at.a"}},
		{"a token from the same address", func(c *slot.Change) {
			c.Now.Bounds.Token, c.Now.Slots[0].Variable = c.Now.Bounds.Address, true
		}, nil},
		{"the secret that fetches it", func(c *slot.Change) {
			c.Now.Bounds.Token, c.Now.Slots[1].FetchesToken = c.Now.Bounds.Address, true
		}, []string{"at.b"}},
		{"another account", func(c *slot.Change) { c.OtherAccount, c.Now.Slots[1].OfProvider = true, true }, []string{"at.b"}},
		{"another address, and the value is hidden", func(c *slot.Change) {
			c.Now.Bounds.Address, c.Now.Slots[0].Hidden = "https://b:443", true
		}, []string{"at.b"}},
		{"the mark of a secret lost", func(c *slot.Change) { *c.Now.Slots[0].Value = request.Value{} }, []string{"at.a"}},
		{"nothing stored for it", func(c *slot.Change) { delete(c.Held, "a") }, []string{"at.a"}},
		{"moved without permission", func(c *slot.Change) { c.Now.Slots[0].ID, c.Now.Slots[0].From = "c", "a" }, []string{"at.a"}},
		{"moved with permission", func(c *slot.Change) {
			c.Now.Slots[0].ID, c.Now.Slots[0].From, c.Moves = "c", "a", true
		}, nil},
		{"moved with permission, to another address", func(c *slot.Change) {
			c.Now.Slots[0].ID, c.Now.Slots[0].From, c.Moves, c.Now.Bounds.Address = "c", "a", true, "?"
		}, []string{"at.a", "at.b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := slot.Change{Before: side(both()), Held: held("a", "b"), Now: side(both())}
			c.change(&change)
			_, err := slot.Merge(change)
			var got []string
			if err != nil {
				if fault.From(err).Code != slot.Retype {
					t.Fatal(err)
				}
				for _, field := range fault.From(err).Fields {
					got = append(got, field.Name)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("refused %v, want %v", got, c.want)
			}
		})
	}
}

// A hidden value keeps its secret like any other. A secret that may not be kept
// is dropped, since the form could not ask for it.
func TestMergeOfHiddenValues(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(now *slot.Change)
		kept   bool
	}{
		{"nothing changed", func(*slot.Change) {}, true},
		{"another address", func(c *slot.Change) { c.Now.Bounds.Address = "https://b:443" }, false},
		{"another account", func(c *slot.Change) { c.OtherAccount, c.Now.Slots[0].OfProvider = true, true }, false},
		{"nothing stored for it", func(c *slot.Change) { delete(c.Held, "a") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := stored()
			change := slot.Change{Before: side(both()), Held: held("a"), Now: side(map[string]*request.Value{"a": &a})}
			change.Now.Slots[0].Hidden = true
			c.change(&change)
			m, err := slot.Merge(change)
			if err != nil || m.Keep["a"] != c.kept || a.Stored != c.kept || !a.Typed.IsEmpty() {
				t.Errorf("%+v, %+v, %v", m, a, err)
			}
		})
	}
}

// A secret that does not open can stay where it is, be replaced or go; it is
// asked for only where its text is needed.
func TestMergeWithADamagedSecret(t *testing.T) {
	stored := held("a", "b")
	stored["a"] = slot.Held{Damaged: true}
	for _, c := range []struct {
		name   string
		change func(c *slot.Change)
		want   string // the field that asks for it
		kept   bool
	}{
		{"it stays", func(*slot.Change) {}, "", true},
		{"it is typed again", func(c *slot.Change) { c.Now.Slots[0].Value.Typed = secret.New("new") }, "", false},
		{"it goes", func(c *slot.Change) { c.Now.Slots = c.Now.Slots[1:] }, "", false},
		{"a copy needs it", func(c *slot.Change) { c.Copying = true }, "at.a", false},
		{"a copy does without it", func(c *slot.Change) { c.Copying, c.Now.Slots = true, c.Now.Slots[1:] }, "", false},
		{"a move needs it", func(c *slot.Change) { c.Moves, c.Now.Slots[0].ID, c.Now.Slots[0].From = true, "c", "a" }, "at.a", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := slot.Change{Before: side(both()), Held: stored, Now: side(both())}
			c.change(&change)
			m, err := slot.Merge(change)
			got := ""
			if err != nil {
				got = fault.From(err).Fields[0].Name
			}
			if got != c.want || m.Keep["a"] != c.kept {
				t.Errorf("asks at %q, %+v", got, m)
			}
		})
	}
	if err := slot.Fill(side(both()).Slots, texts("b")); err == nil || fault.From(err).Fields[0].Name != "at.a" || len(fault.From(err).Fields) != 1 {
		t.Errorf("firing: %v", err)
	}
}

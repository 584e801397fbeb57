package apikey

import (
	"strings"
	"testing"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// The checksum has one value for ever: other programs look for keys by it.
func TestChecksumVector(t *testing.T) {
	const goldenCheck = "3E7J5N" // by Python's zlib.crc32
	body := "kd_00000000_" + strings.Repeat("0", 43)
	if got := checksum(body); got != goldenCheck {
		t.Errorf("the checksum of %s is %s", body, got)
	}
	if formOf(body+goldenCheck) != ownForm {
		t.Error("it is not taken for a key")
	}
}

// A key with any one character changed, lost or doubled, or in other case, is told
// from an unknown key without looking it up.
func TestOneLetterChanged(t *testing.T) {
	key, _ := generate()
	text := key.Reveal()
	if formOf(text) != ownForm || len(text) != 61 {
		t.Fatalf("%d characters, form %d", len(text), formOf(text))
	}
	for i := range text {
		for _, other := range []string{text[:i] + "x" + text[i+1:], text[:i] + text[i+1:], text[:i] + text[i:i+1] + text[i:]} {
			if other != text && formOf(other) == ownForm {
				t.Errorf("%s is taken for a key", other)
			}
		}
	}
	for i := 1; i < len(text); i++ {
		if text[i-1] != text[i] {
			swapped := []byte(text)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			if formOf(string(swapped)) == ownForm {
				t.Errorf("with characters %d and %d swapped it is taken for a key", i-1, i)
			}
		}
	}
	for _, text := range []string{"", "kd", "sk_live_abc", strings.Repeat("a", 61)} {
		if formOf(text) != otherForm {
			t.Errorf("%q is form %d", text, formOf(text))
		}
	}
}

// B13: 100,000 keys are unique, so are nearly all public ids, and each letter
// appears as often as any other.
func TestHundredThousandKeys(t *testing.T) {
	const n = 100_000
	keys, ids := make(map[string]bool, n), make(map[string]bool, n)
	counts := map[byte]int{}
	for range n {
		key, id := generate()
		text := key.Reveal()
		if keys[text] || formOf(text) != ownForm || text[3:11] != id {
			t.Fatalf("%s: again %v, form %d, id %s", text, keys[text], formOf(text), id)
		}
		keys[text], ids[id] = true, true
		for i := 12; i < 55; i++ {
			counts[text[i]]++
		}
	}
	if len(ids) < n-5 {
		t.Errorf("%d public ids", len(ids))
	}
	want := n * secretChars / 62
	for c, got := range counts {
		if got < want*97/100 || got > want*103/100 {
			t.Errorf("%q appears %d times, others %d", c, got, want)
		}
	}
}

// C10, C11: n days later is the same wall time, also across a change of the clock;
// a date ends with its last moment; the past is refused.
func TestTerm(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 15, 30, 0, 0, berlin) // summer time begins on 29 March
	for name, c := range map[string]struct {
		term Term
		want string
	}{
		"30 days":            {Term{Days: 30}, "2026-03-31T15:30:00+02:00"},
		"60 days":            {Term{Days: 60}, "2026-04-30T15:30:00+02:00"},
		"90 days":            {Term{Days: 90}, "2026-05-30T15:30:00+02:00"},
		"1 day":              {Term{Days: 1}, "2026-03-02T15:30:00+01:00"},
		"a date":             {Term{Date: "2026-03-29"}, "2026-03-30T00:00:00+02:00"},
		"today":              {Term{Date: "2026-03-01"}, "2026-03-02T00:00:00+01:00"},
		"never":              {Term{Never: true}, ""},
		"yesterday":          {Term{Date: "2026-02-28"}, "refused"},
		"nothing":            {Term{}, "refused"},
		"two at once":        {Term{Days: 30, Never: true}, "refused"},
		"a day in the night": {Term{Date: "2026-10-25"}, "2026-10-26T00:00:00+01:00"},
	} {
		var fields fault.Fields
		end := c.term.endsAt(&fields, "expires", now, berlin)
		got := ""
		switch {
		case len(fields) > 0:
			got = "refused"
		case end > 0:
			got = time.UnixMilli(end).In(berlin).Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s ends at %q, want %q", name, got, c.want)
		}
	}
}

// B09: the state of a key at each moment, from its making to its end.
func TestStatusFollowsTheClock(t *testing.T) {
	made := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	at := func(days int) time.Time { return made.AddDate(0, 0, days) }
	key := Key{CreatedMs: made.UnixMilli(), ExpiresMs: at(90).UnixMilli()}
	disabled, revoked := key, key
	disabled.DisabledMs, revoked.RevokedMs = 1, 1
	for _, c := range []struct {
		key  Key
		at   time.Time
		want Status
	}{
		{key, at(0), Active}, {key, at(75), Active}, {key, at(76), Expiring}, {key, at(90).Add(-time.Millisecond), Expiring},
		{key, at(90), Expired}, {key, at(9000), Expired}, {key, at(-1), Active},
		{disabled, at(0), Disabled}, {disabled, at(80), Disabled}, {disabled, at(90), Expired},
		{revoked, at(0), Revoked}, {revoked, at(100), Revoked},
		{Key{}, at(40000), Active},
	} {
		if got := c.key.statusAt(c.at); got != c.want {
			t.Errorf("%+v at %s is %s, want %s", c.key, c.at, got, c.want)
		}
	}
}

// A list of sources holds addresses and networks of both kinds; without one a key
// is for this computer alone.
func TestSources(t *testing.T) {
	for _, c := range []struct {
		sources []string
		from    string
		want    bool
	}{
		{nil, "127.0.0.1", true}, {nil, "::1", true}, {nil, "192.168.1.5", false}, {nil, "", false}, {nil, "::ffff:127.0.0.1", true},
		{[]string{"192.168.1.5"}, "192.168.1.5", true}, {[]string{"192.168.1.5"}, "192.168.1.6", false},
		{[]string{"192.168.1.0/24"}, "192.168.1.77", true}, {[]string{"192.168.1.0/24"}, "::ffff:192.168.1.77", true},
		{[]string{"192.168.1.0/24"}, "192.168.2.1", false}, {[]string{"192.168.1.5"}, "127.0.0.1", false},
		{[]string{"fd00::/8"}, "fd12::1", true}, {[]string{"fd00::/8"}, "fe80::1", false}, {[]string{"10.0.0.0/8"}, "no address", false},
	} {
		if got := allowed(c.sources, c.from); got != c.want {
			t.Errorf("%v from %s: %v", c.sources, c.from, got)
		}
	}
	for _, text := range []string{"", "x", "192.168.1.5/24", "192.168.1.0/33", "fe80::1%eth0/64", "1.2.3"} {
		if _, err := parseSource(text); err == nil {
			t.Errorf("%q is taken for a source", text)
		}
	}
}

// The estimate of how hard a key is to guess is right about what people paste.
func TestEntropy(t *testing.T) {
	for text, strong := range map[string]bool{
		"8f14e45fceea167a5a36dedd4bea2543aa0c1fa7":     true, // 40 hex, as the guide shows
		"sk_live_4eC39HqLyjWDarjtT1zdp7dc":             true,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":             false,
		"12345678901234567890":                         false,
		"passwordpassword1234":                         false,
		"0123456789abcdef0123":                         false,
		"abababababababababababababababababababababab": false,
	} {
		if got := entropy(text); (got >= enoughBits) != strong {
			t.Errorf("%s has %d bits", text, got)
		}
	}
	for range 1000 {
		key, _ := generate()
		if entropy(key.Reveal()) < enoughBits {
			t.Fatalf("a key of ours has %d bits", entropy(key.Reveal()))
		}
	}
	if entropy("") != 0 {
		t.Error("nothing has bits")
	}
}

// What came back from a key is never the key.
func TestKeysDoNotPrint(t *testing.T) {
	key, _ := generate()
	if key.String() != secret.Mask {
		t.Errorf("prints as %s", key)
	}
}

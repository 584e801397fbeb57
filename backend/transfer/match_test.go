package transfer

import (
	"fmt"
	"strings"
	"testing"

	"keydesk/backend/setup"
)

// R10: which setup of the file is matched with which setup here, at one place,
// stage and channel. A trailing "!" marks an enabled setup.
func TestMatch(t *testing.T) {
	for _, c := range []struct{ name, file, here, want string }{
		{"one and one", "A", "B", "A=B"},
		{"nothing here", "A! B", "", "A=- B=-"},
		{"enabled with enabled before equal names", "A!", "A B!", "A=B"},
		{"equal names", "B A", "A B", "B=B A=A"},
		{"the rest: the enabled one here first", "C D", "A B!", "C=B D=A"},
		{"the rest: the oldest first", "C D", "A B", "C=A D=B"},
		{"each at most once", "A A A", "A A", "A=A A=A A=-"},
		{"more here than in the file", "X!", "A B! C", "X=B"},
	} {
		var file []entry
		for _, word := range strings.Fields(c.file) {
			name, on := strings.CutSuffix(word, "!")
			file = append(file, entry{Setup: setup.Draft{Name: name, Enabled: on}})
		}
		var here []setup.Candidate
		for _, word := range strings.Fields(c.here) {
			name, on := strings.CutSuffix(word, "!")
			here = append(here, setup.Candidate{Name: name, Enabled: on})
		}
		got := []string{}
		for i, at := range match(file, here) {
			partner := "-"
			if at >= 0 {
				partner = here[at].Name
			}
			got = append(got, fmt.Sprintf("%s=%s", file[i].Setup.Name, partner))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

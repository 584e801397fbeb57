package setup

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// slow is R10 in its simplest form: list every place and stage that counts,
// nearest first, and take the first enabled setup found there.
func slow(places []string, stageID string, candidates []Candidate) string {
	type spot struct{ place, stage string }
	var order []spot
	if stageID != "" && len(places) > 0 {
		order = append(order, spot{places[len(places)-1], stageID})
	}
	for i := len(places) - 1; i >= 0; i-- {
		order = append(order, spot{places[i], ""})
	}
	for _, at := range order {
		for _, c := range candidates {
			if c.Enabled && c.PlaceID == at.place && c.StageID == at.stage {
				return c.ID
			}
		}
	}
	return ""
}

// A05, R10: on 200 random trees the resolver agrees with the slow reference,
// and its explanation ends with the winner.
func TestResolveAgreesWithSlowReference(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	won := 0
	for tree := range 200 {
		depth := 1 + random.IntN(3)
		places := make([]string, depth)
		for i := range places {
			places[i] = fmt.Sprintf("p%d", i)
		}
		var candidates []Candidate
		taken := map[string]bool{}
		for n := range random.IntN(12) {
			c := Candidate{ID: fmt.Sprintf("s%d", n), PlaceID: fmt.Sprintf("p%d", random.IntN(4)), Enabled: random.IntN(3) > 0}
			if random.IntN(2) == 0 {
				c.StageID = fmt.Sprintf("t%d", random.IntN(3))
			}
			if c.Enabled && taken[c.PlaceID+c.StageID] {
				continue // a save refuses two enabled ones at one spot
			}
			taken[c.PlaceID+c.StageID] = taken[c.PlaceID+c.StageID] || c.Enabled
			candidates = append(candidates, c)
		}
		stage := ""
		if random.IntN(4) > 0 {
			stage = fmt.Sprintf("t%d", random.IntN(3))
		}
		got, steps := resolve(places, stage, candidates)
		want := slow(places, stage, candidates)
		if got != want {
			t.Fatalf("tree %d: got %q, want %q", tree, got, want)
		}
		if len(steps) == 0 {
			t.Fatalf("tree %d: nothing explained", tree)
		}
		last := steps[len(steps)-1]
		if want != "" {
			won++
			if last.Found != "won" || last.SetupID != want {
				t.Fatalf("tree %d: the explanation ends with %+v, not with %s", tree, last, want)
			}
		} else if last.Found == "won" {
			t.Fatalf("tree %d: explained a winner where there is none", tree)
		}
	}
	if won < 50 || won == 200 {
		t.Fatalf("the random trees are lopsided: %d of 200 have a winner", won)
	}
}

// A05: the exact stage wins, then the whole place, then a process above with
// its whole-place setup only; a disabled one is passed over and named.
func TestResolveOrder(t *testing.T) {
	exact := Candidate{ID: "exact", PlaceID: "leaf", StageID: "shipped", Enabled: true}
	whole := Candidate{ID: "whole", PlaceID: "leaf", Enabled: true}
	above := Candidate{ID: "above", PlaceID: "root", Enabled: true}
	aboveStage := Candidate{ID: "aboveStage", PlaceID: "root", StageID: "shipped", Enabled: true}
	off := exact
	off.Enabled = false
	path := []string{"root", "leaf"}
	for _, c := range []struct {
		name       string
		stage      string
		candidates []Candidate
		want       string
		found      []string
	}{
		{"exact stage", "shipped", []Candidate{above, whole, exact}, "exact", []string{"won"}},
		{"whole place", "shipped", []Candidate{above, whole}, "whole", []string{"none", "won"}},
		{"above", "shipped", []Candidate{above}, "above", []string{"none", "none", "won"}},
		{"stage above does not count", "shipped", []Candidate{aboveStage}, "", []string{"none", "none", "none"}},
		{"disabled is passed over", "shipped", []Candidate{off, whole}, "whole", []string{"disabled", "won"}},
		{"no stage asks the whole place", "", []Candidate{exact, above}, "above", []string{"none", "won"}},
		{"nothing", "shipped", nil, "", []string{"none", "none", "none"}},
	} {
		got, steps := resolve(path, c.stage, c.candidates)
		found := []string{}
		for _, step := range steps {
			found = append(found, step.Found)
		}
		if got != c.want || fmt.Sprint(found) != fmt.Sprint(c.found) {
			t.Errorf("%s: got %q %v, want %q %v", c.name, got, found, c.want, c.found)
		}
	}
}

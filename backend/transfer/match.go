package transfer

import (
	"cmp"
	"slices"

	"keydesk/backend/setup"
)

// match pairs the setups of a file with those at the same place, stage and
// channel here, each at most once: enabled with enabled, then by equal name, then
// in order. Enabled comes first because R10 would refuse a second enabled setup
// here. For each setup of the file it gives the index of its partner, -1 for none.
func match(file []entry, here []setup.Candidate) []int {
	partner := make([]int, len(file))
	for i := range partner {
		partner[i] = -1
	}
	order := make([]int, len(here))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(here[a]), rank(here[b])) })
	taken := make([]bool, len(here))
	pass := func(fits func(one entry, other setup.Candidate) bool) {
		for i, one := range file {
			for _, at := range order {
				if partner[i] < 0 && !taken[at] && fits(one, here[at]) {
					partner[i], taken[at] = at, true
				}
			}
		}
	}
	pass(func(one entry, other setup.Candidate) bool { return one.Setup.Enabled && other.Enabled })
	pass(func(one entry, other setup.Candidate) bool { return one.Setup.Name == other.Name })
	pass(func(entry, setup.Candidate) bool { return true })
	return partner
}

func rank(one setup.Candidate) int {
	if one.Enabled {
		return 0
	}
	return 1
}

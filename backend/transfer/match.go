package transfer

import (
	"cmp"
	"slices"

	"keydesk/backend/setup"
)

// match pairs the setups of a file with those that stand at the same place,
// stage and channel here, each at most once: enabled with enabled, then by
// equal name, then in order. Enabled comes first because of two enabled ones
// here R10 would refuse the second. It gives for each of the file its partner's
// index, -1 for none.
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

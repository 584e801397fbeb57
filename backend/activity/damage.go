package activity

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// tail is how many of the newest entries are read back after an unclean stop.
const tail = 1000

// checkTail reads the newest entries back, and logs what is damaged. Open does it
// after an unclean stop; Verify reads the whole trail.
func (s *Log) checkTail(ctx context.Context) error {
	last, _, err := s.store.LastActivity(ctx)
	if err != nil {
		return err
	}
	entries, err := s.store.ActivityChain(ctx, max(0, last-tail-1), tail+1)
	if err != nil {
		return err
	}
	damage, err := s.damageOf(ctx, entries, func(seq int64) bool { return seq > last-tail })
	if err != nil || len(damage) == 0 {
		return err
	}
	first := slices.Min(slices.Collect(maps.Keys(damage)))
	s.log.Error("the newest entries of the activity trail are damaged", "entries", len(damage), "first", damage[first])
	return nil
}

// mark notes at each entry of a page how it is damaged.
func (s *Log) mark(ctx context.Context, page []Entry) error {
	if len(page) == 0 {
		return nil
	}
	wanted := map[int64]bool{}
	for _, entry := range page {
		wanted[entry.Seq], wanted[entry.Seq-1] = true, true
	}
	numbers := make([]int64, 0, len(wanted))
	for seq := range wanted {
		numbers = append(numbers, seq)
	}
	entries, err := s.store.ActivityLinks(ctx, numbers)
	if err != nil {
		return err
	}
	shown := map[int64]*Entry{}
	for i := range page {
		shown[page[i].Seq] = &page[i]
	}
	damage, err := s.damageOf(ctx, entries, func(seq int64) bool { return shown[seq] != nil })
	for seq, text := range damage {
		shown[seq].Damaged = text
	}
	return err
}

// damageOf says how those of these entries, which are in order, that are asked for
// are damaged, by their numbers. What an entry continues has to be among them.
func (s *Log) damageOf(ctx context.Context, entries []ChainedEntry, asked func(seq int64) bool) (map[int64]string, error) {
	checkpoints, err := s.store.ActivityCheckpoints(ctx)
	if err != nil {
		return nil, err
	}
	lostMAC, err := s.lostMAC(ctx, checkpoints)
	if err != nil {
		return nil, err
	}
	damage := map[int64]string{}
	for i, entry := range entries {
		if !asked(entry.Seq) {
			continue
		}
		v := &Verifier{mac: s.mac(ctx), lostMAC: lostMAC}
		isAfterPruned := func(one Checkpoint) bool { return one.Reason == Pruned && one.LastSeq == entry.Seq-1 }
		switch {
		case i > 0 && entries[i-1].Seq == entry.Seq-1:
			v.prev, v.report.Last, v.report.Records = entries[i-1], entry.Seq-1, 1
		case entry.Seq == 1 || slices.ContainsFunc(checkpoints, isAfterPruned):
			v.report.Checkpoints = checkpoints
		default:
			v.found(Missing, entry.Seq-1, entry.Seq-1, "Entry %d, which it continues, is missing.", entry.Seq-1)
			v.prev.Hash, v.report.Last, v.report.Records = entry.PrevHash, entry.Seq-1, 1
		}
		if err := v.Add(entry); err != nil {
			return nil, err
		}
		for _, problem := range v.report.Problems {
			damage[entry.Seq] = strings.TrimSpace(damage[entry.Seq] + " " + problem.Text)
		}
	}
	return damage, nil
}

// lostMAC is the number of the last entry whose MAC was made with a key that is
// damaged by now, 0 for none: those entries are proven by their hashes alone.
func (s *Log) lostMAC(ctx context.Context, checkpoints []Checkpoint) (int64, error) {
	if !slices.ContainsFunc(checkpoints, func(one Checkpoint) bool { return one.Reason == Restarted }) {
		return 0, nil
	}
	kept, err := s.store.ActivityKeys(ctx)
	if err != nil || len(kept) == 0 {
		return 0, err
	}
	newest := len(kept) - 1
	return NewVerifier(kept[newest], nil, checkpoints, nil, kept[:newest]...).lostMAC, nil
}

package activity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"keydesk/backend/access"
)

// OpRestart begins a new chain where a key of the trail does not open any more.
var OpRestart = access.Op[struct{}, struct{}]{
	Name: "activity.restart", Does: "began a new chain, since the key of the activity was damaged", Mode: access.Write, System: true,
}

// Damaged returns the names of the trail's keys that do not open any more: what
// was sealed for them was changed outside Keydesk, or is gone. The signing key
// of an office that has none yet is not damaged.
func (s *Log) Damaged(ctx context.Context) ([]string, error) {
	kept, err := s.store.ActivityKeys(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{MACName}
	if len(kept) > 0 {
		names = append(names, SigningName)
	}
	var damaged []string
	for _, name := range names {
		opens, err := s.keys.KeyOpens(ctx, name)
		if err != nil {
			return nil, err
		}
		if !opens {
			damaged = append(damaged, name)
		}
	}
	return damaged, nil
}

// broken is what the entry about a new chain says.
type broken struct {
	FirstEntry int64    `json:"first_entry"`
	Damaged    []string `json:"damaged"`
}

// Restart replaces the keys that do not open, and marks the break with a
// checkpoint under the key that signs from now on: nothing could be recorded
// without keys, and nobody could do anything. The entry that reports it is the
// first of the new chain, and still continues the hash of the last one.
func (s *Log) Restart(ctx context.Context, _ struct{}) (struct{}, error) {
	damaged, err := s.Damaged(ctx)
	if err != nil || len(damaged) == 0 {
		return struct{}{}, err
	}
	for _, name := range damaged {
		if err := s.keys.ReplaceKey(ctx, name); err != nil {
			return struct{}{}, err
		}
	}
	last, err := s.markBreak(ctx, damaged)
	if err != nil {
		return struct{}{}, err
	}
	s.log.Error("a key of the activity trail was damaged; a new chain begins", "keys", damaged, "after", last)
	access.From(ctx).Changed("activity", "", fmt.Sprintf("Break after entry %d", last), nil, broken{last + 1, damaged})
	return struct{}{}, nil
}

// markBreak signs the checkpoint of the entries before the break, and returns
// the number of the last one.
func (s *Log) markBreak(ctx context.Context, damaged []string) (last int64, err error) {
	kept, err := s.store.ActivityKeys(ctx)
	if err != nil {
		return 0, err
	}
	if len(kept) == 0 {
		// Entries of the old format: what is made of them says that their chain
		// could not be verified.
		if err := s.begin(ctx); err != nil {
			return 0, err
		}
	}
	last, hash, err := s.store.LastActivity(ctx)
	if err != nil {
		return 0, err
	}
	if slices.Contains(damaged, SigningName) {
		public, err := s.keys.PublicKey(ctx, SigningName)
		if err != nil {
			return 0, err
		}
		if err := s.store.InsertActivityKey(ctx, public, last+1, s.now().UnixMilli()); err != nil {
			return 0, err
		}
	}
	if last == 0 {
		return 0, nil
	}
	checkpoint := Checkpoint{Reason: Restarted, LastSeq: last, Hash: hash, BrokenSeq: last + 1, Problem: strings.Join(damaged, " "), AtMs: s.now().UnixMilli()}
	if err := s.spanSinceBreak(ctx, &checkpoint); err != nil {
		return 0, err
	}
	if checkpoint.Signature, err = s.keys.Sign(ctx, SigningName, checkpoint.signed()); err != nil {
		return 0, err
	}
	return last, s.store.InsertActivityCheckpoint(ctx, checkpoint)
}

// spanSinceBreak fills in the first entry since the break before, and the times.
func (s *Log) spanSinceBreak(ctx context.Context, c *Checkpoint) error {
	checkpoints, err := s.store.ActivityCheckpoints(ctx)
	if err != nil {
		return err
	}
	var after int64
	for _, before := range checkpoints {
		if before.Reason == Restarted {
			after = max(after, before.LastSeq)
		}
	}
	first, err := s.store.ActivityChain(ctx, after, 1)
	if err != nil {
		return err
	}
	last, err := s.store.ActivityChain(ctx, c.LastSeq-1, 1)
	if err != nil {
		return err
	}
	if len(first) == 0 || len(last) == 0 {
		return fmt.Errorf("activity: entry %d is gone", c.LastSeq)
	}
	c.FirstSeq, c.FirstMs, c.LastMs = first[0].Seq, first[0].AtMs, last[0].AtMs
	c.Count = c.LastSeq - c.FirstSeq + 1
	return nil
}

package activity

import "context"

// Holding is an entry with the names of its texts that hold something.
type Holding struct {
	Seq   int64
	Texts []string
}

// Holding reads a page of entries after a number and returns those in which a
// text holds what is looked for, and the number to go on from: 0 when there are
// no more.
func (s *Log) Holding(ctx context.Context, after int64, holds func(text string) bool) (found []Holding, last int64, err error) {
	entries, err := s.store.ActivityChain(ctx, after, page)
	if err != nil {
		return nil, 0, err
	}
	for _, entry := range entries {
		one := Holding{Seq: entry.Seq}
		for i, text := range entry.texts() {
			if holds(text) {
				one.Texts = append(one.Texts, textNames[i])
			}
		}
		if len(one.Texts) > 0 {
			found = append(found, one)
		}
		last = entry.Seq
	}
	if len(entries) < page {
		last = 0
	}
	return found, last, nil
}

// Erase erases these texts, each with its salt, in the context's transaction. The
// chain still verifies, and the entries show what is gone (FORMAT.md). The
// caller records who erased them, in an entry that does not hold the text.
func (s *Log) Erase(ctx context.Context, found []Holding) error {
	for _, one := range found {
		if err := s.store.EraseActivity(ctx, one.Seq, one.Texts); err != nil {
			return err
		}
	}
	return nil
}

// erased names the texts that are gone.
func (e ChainedEntry) erased() []string {
	var names []string
	for i, text := range e.texts() {
		if len(e.Salts[i]) == 0 && text == "" {
			names = append(names, textNames[i])
		}
	}
	return names
}

// Shown is the entry as it is listed, with the names of what was erased. An entry
// that is not chained yet has no salts, and nothing of it was erased.
func (e ChainedEntry) Shown() Entry {
	e.Erased = []string{}
	if len(e.Hash) > 0 {
		e.Erased = append(e.Erased, e.erased()...)
	}
	return e.Entry
}

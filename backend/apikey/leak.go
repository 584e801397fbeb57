package apikey

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/secret"
)

// LeakInput is text that may hold keys: a log, a script, a mail.
type LeakInput struct {
	Text secret.Text `json:"text" ts_type:"string" validate:"required,max=20971520"`
}

// Leak is a key of this office that was found in a text.
type Leak struct {
	Key Key `json:"key"`
	// Line and Column say where it was found first, from 1 on.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Times is how often it was found.
	Times int `json:"times"`
	// Deleted says that the key is no longer in the list.
	Deleted bool `json:"deleted"`
}

// Leaks is what was found. Foreign counts texts in the form of our keys that this
// office did not issue.
type Leaks struct {
	Found   []Leak `json:"found"`
	Foreign int    `json:"foreign"`
	Lines   int    `json:"lines"`
}

// OpFindLeaks looks for leaked keys. Nothing leaves this computer.
var OpFindLeaks = access.Op[LeakInput, Leaks]{Name: "apikey.find_leaks", Does: "looked for leaked API keys", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}

// mostWords is how many words of a text are compared with the keys that were
// taken over, which have no form of their own.
const mostWords = 2_000_000

// mostParts is of how many words and signs a key from elsewhere consists.
const mostParts = 40

// FindLeaks searches a text for keys of this office: those made here by their form
// and checksum, and those taken over word by word. A key taken over may hold any signs,
// as "SG.a1b2+c3", so what signs join is looked at too, from each to each.
func (s *Service) FindLeaks(ctx context.Context, in LeakInput) (Leaks, error) {
	text := in.Text.Reveal()
	found := Leaks{Found: []Leak{}, Lines: strings.Count(text, "\n") + 1}
	at := map[string]int{}
	line, counted := 1, 0
	note := func(word string, start int, own bool) error {
		stored, err := s.verifierOf(ctx, digestOf(secret.New(word)))
		if err != nil {
			return err
		}
		record, known, err := s.lookUp(ctx, stored, own)
		if err != nil {
			return err
		}
		switch {
		case !known && own:
			found.Foreign++
			return nil
		case !known:
			return nil
		}
		if i, again := at[record.ID]; again {
			found.Found[i].Times++
			return nil
		}
		line += strings.Count(text[counted:start], "\n")
		counted = start
		s.fill(&record.Key)
		at[record.ID] = len(found.Found)
		found.Found = append(found.Found, Leak{
			Key: record.Key, Line: line, Column: start - strings.LastIndexByte(text[:start], '\n'), Times: 1, Deleted: record.DeletedMs > 0,
		})
		return nil
	}
	words := 0
	other := func(word string, start int) error {
		if len(word) < leastChars || len(word) > mostChars || words >= mostWords {
			return nil
		}
		if words++; words%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return note(word, start, false)
	}
	for start := 0; start < len(text); {
		if !isKeyChar(text[start]) {
			start++
			continue
		}
		end := runEnd(text, start, isKeyChar)
		word := text[start:end]
		if place := Pattern.FindStringIndex(word); place != nil && formOf(word[place[0]:place[1]]) == ownForm {
			if err := note(word[place[0]:place[1]], start+place[0], true); err != nil {
				return Leaks{}, err
			}
			end = start + place[1]
		} else if err := other(word, start); err != nil {
			return Leaks{}, err
		}
		start = end
	}
	if !s.hasTakenOver() {
		return found, nil
	}
	line, counted, words = 1, 0, 0
	for start := 0; start < len(text) && words < mostWords; {
		if !isSign(text[start]) {
			start++
			continue
		}
		end := runEnd(text, start, isSign)
		for from, to := range joined(text[start:end]) {
			if err := other(text[start+from:start+to], start+from); err != nil {
				return Leaks{}, err
			}
			if words >= mostWords {
				break
			}
		}
		start = end
	}
	slices.SortStableFunc(found.Found, func(a, b Leak) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return found, nil
}

// joined are the parts of a run of signs that begin and end at a word or at a sign
// between words, but for the words alone: from where to where. Of the ends only the
// next mostParts are looked at.
func joined(run string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		var parts []int // where each begins: a word, or one sign
		for at := 0; at < len(run); {
			parts = append(parts, at)
			at = max(at+1, runEnd(run, at, isKeyChar))
		}
		parts = append(parts, len(run))
		for i, from := range parts[:len(parts)-1] {
			for _, to := range parts[min(i+2, len(parts)):min(i+2+mostParts, len(parts))] {
				if to-from > mostChars {
					break
				}
				if !yield(from, to) {
					return
				}
			}
		}
	}
}

// hasTakenOver tells whether there is a key that has no form of ours.
func (s *Service) hasTakenOver() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.known != nil {
		for _, record := range s.known.byID {
			if record.TakenOver {
				return true
			}
		}
	}
	return false
}

func runEnd(text string, start int, is func(byte) bool) int {
	for start < len(text) && is(text[start]) {
		start++
	}
	return start
}

// lookUp finds a key in memory, and one that was made here also in the store,
// which knows the deleted ones.
func (s *Service) lookUp(ctx context.Context, v verifier, own bool) (Record, bool, error) {
	s.mu.RLock()
	if s.known != nil {
		if record := s.known.byVerifier[v]; record != nil {
			defer s.mu.RUnlock()
			return *record, true, nil
		}
	}
	s.mu.RUnlock()
	if !own {
		return Record{}, false, nil
	}
	return s.store.APIKeyByVerifier(ctx, v[:])
}

// isSign tells whether a key from elsewhere may hold this.
func isSign(c byte) bool { return c > ' ' && c < 0x7f }

func isKeyChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

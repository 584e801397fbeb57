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
	search := leakSearch{
		service: s, text: text, found: Leaks{Found: []Leak{}, Lines: strings.Count(text, "\n") + 1}, at: map[string]int{}, line: 1,
	}
	if err := search.words(ctx); err != nil {
		return Leaks{}, err
	}
	if !s.hasTakenOver() {
		return search.found, nil
	}
	search.line, search.counted, search.compared = 1, 0, 0
	if err := search.joinedWords(ctx); err != nil {
		return Leaks{}, err
	}
	found := search.found
	slices.SortStableFunc(found.Found, func(a, b Leak) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return found, nil
}

// leakSearch is one search of a text.
type leakSearch struct {
	service *Service
	text    string
	found   Leaks
	// at is where in found a key is, by its id.
	at map[string]int
	// line is that of the byte counted, up to which line ends have been counted.
	line, counted int
	// compared is how many words were compared with the keys that were taken over.
	compared int
}

// words looks at every word of the text.
func (l *leakSearch) words(ctx context.Context) error {
	for start := 0; start < len(l.text); {
		if !isKeyChar(l.text[start]) {
			start++
			continue
		}
		end := runEnd(l.text, start, isKeyChar)
		word := l.text[start:end]
		if place := Pattern.FindStringIndex(word); place != nil && formOf(word[place[0]:place[1]]) == ownForm {
			if err := l.look(ctx, word[place[0]:place[1]], start+place[0], true); err != nil {
				return err
			}
			end = start + place[1]
		} else if err := l.compare(ctx, word, start); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// joinedWords looks at what signs join.
func (l *leakSearch) joinedWords(ctx context.Context) error {
	for start := 0; start < len(l.text) && l.compared < mostWords; {
		if !isSign(l.text[start]) {
			start++
			continue
		}
		end := runEnd(l.text, start, isSign)
		for from, to := range joined(l.text[start:end]) {
			if err := l.compare(ctx, l.text[start+from:start+to], start+from); err != nil {
				return err
			}
			if l.compared >= mostWords {
				break
			}
		}
		start = end
	}
	return nil
}

// compare looks at a word that may be a key that was taken over.
func (l *leakSearch) compare(ctx context.Context, word string, start int) error {
	if len(word) < leastChars || len(word) > mostChars || l.compared >= mostWords {
		return nil
	}
	if l.compared++; l.compared%1000 == 0 && ctx.Err() != nil {
		return ctx.Err()
	}
	return l.look(ctx, word, start, false)
}

// look notes a word if it is a key of this office. own says that it has the form of
// the keys that are made here.
func (l *leakSearch) look(ctx context.Context, word string, start int, own bool) error {
	stored, err := l.service.verifierOf(ctx, digestOf(secret.New(word)))
	if err != nil {
		return err
	}
	record, known, err := l.service.lookUp(ctx, stored, own)
	if err != nil {
		return err
	}
	switch {
	case !known && own:
		l.found.Foreign++
		return nil
	case !known:
		return nil
	}
	if i, again := l.at[record.ID]; again {
		l.found.Found[i].Times++
		return nil
	}
	l.line += strings.Count(l.text[l.counted:start], "\n")
	l.counted = start
	l.service.fill(&record.Key)
	l.at[record.ID] = len(l.found.Found)
	l.found.Found = append(l.found.Found, Leak{
		Key: record.Key, Line: l.line, Column: start - strings.LastIndexByte(l.text[:start], '\n'), Times: 1, Deleted: record.DeletedMs > 0,
	})
	return nil
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

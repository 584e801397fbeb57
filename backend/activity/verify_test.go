package activity

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// chainOf makes a chain of n entries under the golden keys.
func chainOf(t *testing.T, n int) []ChainedEntry {
	t.Helper()
	var prev []byte
	salts := newSalts(n)
	entries := make([]ChainedEntry, n)
	for i := range entries {
		entry := goldenEntry()
		entry.Seq, entry.AtMs, entry.Object = int64(i+1), entry.AtMs+int64(i), fmt.Sprintf("setup %d", i+1)
		chained, err := linked(entry, prev, salts[i], goldenMAC)
		if err != nil {
			t.Fatal(err)
		}
		entries[i], prev = chained, chained.Hash
	}
	return entries
}

func headOf(e ChainedEntry) Head {
	head := Head{Seq: e.Seq, Hash: e.Hash, AtMs: e.AtMs}
	head.Signature = ed25519.Sign(goldenSigner, head.signed())
	return head
}

func checkpointOf(reason string, entries []ChainedEntry) Checkpoint {
	first, last := entries[0], entries[len(entries)-1]
	c := Checkpoint{
		Reason: reason, FirstSeq: first.Seq, LastSeq: last.Seq, Count: int64(len(entries)),
		FirstMs: first.AtMs, LastMs: last.AtMs, Hash: last.Hash, AtMs: last.AtMs + 1,
	}
	c.Signature = ed25519.Sign(goldenSigner, c.signed())
	return c
}

// verified runs both verifiers: with the public key alone, and with the MAC key
// as well.
func verified(t *testing.T, entries []ChainedEntry, checkpoints []Checkpoint, heads []Head) (public, keyed Report) {
	t.Helper()
	reports := [2]Report{}
	for i, mac := range []func([]byte) ([]byte, error){nil, goldenMAC} {
		v := NewVerifier(goldenPublic, mac, checkpoints, heads)
		for _, e := range entries {
			if err := v.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		reports[i] = v.Report()
	}
	return reports[0], reports[1]
}

func finds(r Report, kind string, seq, until int64) bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Kind == kind && p.Seq == seq && p.Until == until })
}

func wantFound(t *testing.T, what string, r Report, kind string, seq, until int64) {
	t.Helper()
	if !finds(r, kind, seq, until) {
		t.Errorf("%s: want %s at %d to %d, found %+v", what, kind, seq, until, r.Problems)
	}
}

func wantNothing(t *testing.T, what string, reports ...Report) {
	t.Helper()
	for _, r := range reports {
		if r.Found != 0 {
			t.Errorf("%s: %+v", what, r.Problems)
		}
	}
}

// H16: every kind of edit is found, and where.
func TestVerifyFindsEachEdit(t *testing.T) {
	whole := chainOf(t, 20)
	heads := []Head{headOf(whole[9]), headOf(whole[19])}
	public, keyed := verified(t, whole, nil, heads)
	wantNothing(t, "a whole trail", public, keyed)
	if public.Records != 20 || public.First != 1 || public.Last != 20 || public.Erased != nil {
		t.Errorf("a whole trail reads %+v", public)
	}

	for _, c := range []struct {
		name       string
		edit       func(entries []ChainedEntry) []ChainedEntry
		kind       string
		seq, until int64
	}{
		{"a field", func(e []ChainedEntry) []ChainedEntry { e[4].Outcome = Refused; return e }, Changed, 5, 5},
		{"a number", func(e []ChainedEntry) []ChainedEntry { e[4].Count++; return e }, Changed, 5, 5},
		{"a text", func(e []ChainedEntry) []ChainedEntry { e[4].Actor = "eve"; return e }, Changed, 5, 5},
		{"a text where none was", func(e []ChainedEntry) []ChainedEntry { e[4].Before = "{}"; return e }, Changed, 5, 5},
		{"a text with its digest", func(e []ChainedEntry) []ChainedEntry {
			e[4].Actor = "eve"
			e[4].Digests[0] = digest("actor", e[4].Salts[0], "eve")
			return e
		}, Changed, 5, 5},
		{"two texts exchanged", func(e []ChainedEntry) []ChainedEntry {
			e[4].Actor, e[4].Object = e[4].Object, e[4].Actor
			e[4].Salts[0], e[4].Salts[1] = e[4].Salts[1], e[4].Salts[0]
			e[4].Digests[0], e[4].Digests[1] = e[4].Digests[1], e[4].Digests[0]
			return e
		}, Changed, 5, 5},
		{"a salt dropped, the text kept", func(e []ChainedEntry) []ChainedEntry { e[4].Salts[0] = nil; return e }, Changed, 5, 5},
		{"a text dropped, the salt kept", func(e []ChainedEntry) []ChainedEntry { e[4].Actor = ""; return e }, Changed, 5, 5},
		{"one removed", func(e []ChainedEntry) []ChainedEntry { return slices.Delete(e, 4, 5) }, Missing, 5, 5},
		{"three removed", func(e []ChainedEntry) []ChainedEntry { return slices.Delete(e, 4, 7) }, Missing, 5, 7},
		{"the first removed", func(e []ChainedEntry) []ChainedEntry { return e[2:] }, Missing, 1, 2},
		{"the last removed", func(e []ChainedEntry) []ChainedEntry { return e[:17] }, CutOff, 18, 20},
		{"all removed", func(e []ChainedEntry) []ChainedEntry { return nil }, CutOff, 1, 20},
		{"one removed and the rest counted again", func(e []ChainedEntry) []ChainedEntry {
			e = slices.Delete(e, 4, 5)
			for i := 4; i < len(e); i++ {
				e[i].Seq--
			}
			return e
		}, Changed, 5, 5},
		{"one inserted twice", func(e []ChainedEntry) []ChainedEntry { return slices.Insert(e, 5, e[4]) }, Misplaced, 5, 5},
		{"one inserted and the rest counted again", func(e []ChainedEntry) []ChainedEntry {
			e = slices.Insert(e, 5, e[4])
			for i := 5; i < len(e); i++ {
				e[i].Seq++
			}
			return e
		}, Changed, 6, 6},
		{"two in each other's place", func(e []ChainedEntry) []ChainedEntry { e[4], e[5] = e[5], e[4]; return e }, Misplaced, 5, 5},
		{"two with each other's number", func(e []ChainedEntry) []ChainedEntry {
			e[4].Seq, e[5].Seq = e[5].Seq, e[4].Seq
			e[4], e[5] = e[5], e[4]
			return e
		}, Changed, 5, 5},
		{"one made again without the key", func(e []ChainedEntry) []ChainedEntry {
			e[4].Op = "setup.delete"
			e[4].Hash = e[4].record().hash()
			return e
		}, Unlinked, 6, 6},
		{"all made again without the key", func(e []ChainedEntry) []ChainedEntry { return again(e, 4) }, HeadDiffers, 10, 10},
	} {
		public, keyed := verified(t, c.edit(slices.Clone(whole)), nil, heads)
		wantFound(t, c.name+", public key alone", public, c.kind, c.seq, c.until)
		wantFound(t, c.name+", with the MAC key", keyed, c.kind, c.seq, c.until)
	}

	// After the last head the public key alone proves nothing; the MAC does.
	forged := again(slices.Clone(whole), 12)
	public, keyed = verified(t, forged, nil, heads[:1])
	wantNothing(t, "the public key alone, after its last head", public)
	wantFound(t, "made again after the last head", keyed, Forged, 13, 13)
	changed := slices.Clone(whole)
	changed[4].MAC = bytes.Repeat([]byte{1}, 32)
	_, keyed = verified(t, changed, nil, heads)
	wantFound(t, "another MAC", keyed, Forged, 5, 5)

	// Heads and checkpoints signed by somebody else prove nothing.
	head := heads[1]
	head.AtMs++
	public, _ = verified(t, whole, nil, []Head{head})
	wantFound(t, "a head with another time", public, BadSignature, 20, 20)
	checkpoint := checkpointOf(Pruned, whole[:5])
	checkpoint.Count++
	public, _ = verified(t, whole[5:], []Checkpoint{checkpoint}, nil)
	wantFound(t, "a checkpoint with another count", public, BadSignature, 1, 5)
	wantFound(t, "a checkpoint with another count", public, Missing, 1, 5)
}

// again changes the entry at i and computes every hash from there on again, as
// somebody can who has the file but not the keys.
func again(entries []ChainedEntry, i int) []ChainedEntry {
	entries[i].Op = "setup.delete"
	for ; i < len(entries); i++ {
		if i > 0 {
			entries[i].PrevHash = entries[i-1].Hash
		}
		entries[i].Hash = entries[i].record().hash()
	}
	return entries
}

// H16: 1,000 random edits of one byte or one entry are found, each at its place,
// by both verifiers.
func TestVerifyFindsRandomEdits(t *testing.T) {
	const size = 60
	random := rand.New(rand.NewPCG(3, 16))
	whole := chainOf(t, size)
	heads := []Head{headOf(whole[size-1])}
	flip := func(b []byte) []byte {
		b = bytes.Clone(b)
		b[random.IntN(len(b))] ^= 1 << random.IntN(8)
		return b
	}
	for round := range 1000 {
		entries := slices.Clone(whole)
		i := random.IntN(size - 1)
		e := &entries[i]
		seq := int64(i + 1)
		what := random.IntN(14)
		switch what {
		case 0:
			e.Seq += 1 + random.Int64N(5)
		case 1:
			e.AtMs ^= 1 << random.IntN(40)
		case 2:
			e.MonoMs ^= 1 << random.IntN(40)
		case 3:
			e.Count ^= 1 << random.IntN(20)
		case 4:
			field := []*string{&e.ActorKind, &e.ActorID, &e.Roles, &e.Source, &e.Op, &e.Outcome, &e.Kind, &e.ObjectID}[random.IntN(8)]
			*field = string(flip([]byte(*field)))
		case 5:
			field := []*string{&e.Actor, &e.Object, &e.After}[random.IntN(3)]
			*field = string(flip([]byte(*field)))
		case 6:
			j := random.IntN(4)
			e.Salts[j] = flip(e.Salts[j])
		case 7:
			j := random.IntN(4)
			e.Digests[j] = flip(e.Digests[j])
		case 8:
			e.Hash = flip(e.Hash)
		case 9:
			if i == 0 {
				e.PrevHash = []byte{1}
			} else {
				e.PrevHash = flip(e.PrevHash)
			}
		case 10: // text moved from one field to the next
			e.Kind, e.Outcome = e.Outcome[1:]+e.Kind, e.Outcome[:1]
		case 11:
			entries = slices.Delete(entries, i, i+1)
		case 12:
			entries = slices.Insert(entries, i+1, entries[random.IntN(i+1)])
		case 13:
			entries[i], entries[i+1] = entries[i+1], entries[i]
		}
		public, keyed := verified(t, entries, nil, heads)
		for _, r := range []Report{public, keyed} {
			near := slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Seq >= 1 && p.Seq <= seq+6 && p.Until >= seq || p.Kind == Misplaced })
			if r.Found == 0 || !near {
				t.Fatalf("round %d, edit %d at %d: %+v", round, what, seq, r.Problems)
			}
		}
	}
}

// H17: a text is erased by dropping it with its salt. The chain still verifies,
// the report names what is gone, and nothing that is kept shows what it was.
func TestErasureKeepsTheChain(t *testing.T) {
	entries := chainOf(t, 10)
	heads := []Head{headOf(entries[9])}
	before := entries[3]
	entries[3].Actor, entries[3].Salts[0] = "", nil
	entries[3].After, entries[3].Salts[3] = "", []byte{}
	public, keyed := verified(t, entries, nil, heads)
	wantNothing(t, "two texts erased", public, keyed)
	for _, r := range []Report{public, keyed} {
		if len(r.Erased) != 1 || r.Erased[0].Seq != 4 || !slices.Equal(r.Erased[0].Texts, []string{"actor", "after"}) {
			t.Errorf("erased reads %+v", r.Erased)
		}
	}
	// Without the salt a guess of the right text proves nothing.
	if bytes.Equal(digest("actor", nil, before.Actor), before.Digests[0]) {
		t.Error("the digest can be guessed without its salt")
	}
	// No salt is used twice, so one that is known opens no other text.
	seen := map[string]bool{}
	for _, e := range entries {
		for _, salt := range e.Salts {
			if len(salt) == 0 {
				continue
			}
			if len(salt) != saltSize || seen[string(salt)] {
				t.Errorf("salt %x", salt)
			}
			seen[string(salt)] = true
		}
	}
	entries[3].Actor = "somebody else"
	public, _ = verified(t, entries, nil, heads)
	wantFound(t, "a text where one was erased", public, Changed, 4, 4)
}

// Old entries can be pruned behind a signed checkpoint: what is left verifies,
// and fewer or more removed is found.
func TestPruningBehindACheckpoint(t *testing.T) {
	entries := chainOf(t, 10)
	heads := []Head{headOf(entries[2]), headOf(entries[9])}
	checkpoints := []Checkpoint{checkpointOf(Pruned, entries[:5])}
	public, keyed := verified(t, entries[5:], checkpoints, heads)
	wantNothing(t, "pruned", public, keyed)
	if len(public.Checkpoints) != 1 || public.First != 6 {
		t.Errorf("pruned reads %+v", public)
	}
	public, _ = verified(t, entries[6:], checkpoints, heads)
	wantFound(t, "one more removed", public, Missing, 1, 6)
	other := chainOf(t, 10)
	public, _ = verified(t, other[5:], checkpoints, nil)
	wantFound(t, "another chain behind the checkpoint", public, Unlinked, 6, 6)
	all := []Checkpoint{checkpointOf(Pruned, entries)}
	public, _ = verified(t, nil, all, heads)
	wantNothing(t, "all pruned", public)
}

// A report lists the first problems and counts all of them.
func TestReportIsBounded(t *testing.T) {
	entries := chainOf(t, 3*maxProblems)
	for i := range entries {
		entries[i].Op = "x"
	}
	public, _ := verified(t, entries, nil, nil)
	if public.Found != 3*maxProblems || len(public.Problems) != maxProblems {
		t.Errorf("%d found, %d listed", public.Found, len(public.Problems))
	}
}

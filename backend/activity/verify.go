package activity

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"fmt"
	"slices"
	"strings"
)

// What a verification finds.
const (
	Changed      = "changed"       // content and hash do not fit
	Missing      = "missing"       // numbers are left out
	Misplaced    = "misplaced"     // a number that came before or was passed already
	Unlinked     = "unlinked"      // the hash before is not that of the entry before
	Forged       = "forged"        // the hash is right, the MAC is not: made without the key
	HeadDiffers  = "head_differs"  // a signed head or checkpoint names another entry
	CutOff       = "cut_off"       // a signed head names a later entry
	BadSignature = "bad_signature" // a head or checkpoint that the key did not sign
	Broken       = "broken"        // a key of the trail was damaged, and a new chain begins
	OtherKey     = "other_key"     // the public key kept is not the one of the signing key
)

// Problem is one thing that was found, at the entries from Seq to Until.
type Problem struct {
	Kind  string
	Seq   int64
	Until int64
	Text  string
}

// Erased names the texts of an entry that were erased. The chain cannot tell
// whether that was allowed: the reader of the report compares it with the
// entries about erasures.
type Erased struct {
	Seq   int64
	Texts []string
}

// maxProblems is how many problems a report lists; Found counts all.
const maxProblems = 100

// Report is the result of a verification. If Found is 0, the trail is as it was
// written, as far as the given heads and keys can tell.
type Report struct {
	Records     int64
	First, Last int64
	Found       int
	Problems    []Problem
	Erased      []Erased
	// Checkpoints are those that the key signed. The one of converted entries
	// says whether their old chain held.
	Checkpoints []Checkpoint
}

// Verifier checks entries that are given to it in their order. It needs no
// secret: with the MAC key it also finds entries made without the key after
// the last head.
type Verifier struct {
	mac    func(data []byte) ([]byte, error)
	heads  []Head             // those that the key signed
	signed map[int64][][]byte // hashes in heads and checkpoints, by number
	report Report
	prev   ChainedEntry
	// Up to these entries the damaged keys were in force: their MACs cannot be
	// checked any more, and their signatures only with earlier keys.
	lostMAC, lostSigning int64
}

// NewVerifier takes the public key, what it signed, and the keyed MAC or nil.
// earlier are public keys that were in force before a signing key was damaged.
// They count only up to the break, which the key after them has signed.
func NewVerifier(public ed25519.PublicKey, mac func(data []byte) ([]byte, error), checkpoints []Checkpoint, heads []Head, earlier ...ed25519.PublicKey) *Verifier {
	v := &Verifier{mac: mac, signed: map[int64][][]byte{}}
	isSigned := func(data canonical, signature []byte, seq int64) bool {
		return signs(public, data, signature) || seq <= v.lostSigning &&
			slices.ContainsFunc(earlier, func(one ed25519.PublicKey) bool { return signs(one, data, signature) })
	}
	// Newest first, since each break says up to where earlier keys count.
	byLast := slices.Clone(checkpoints)
	slices.SortStableFunc(byLast, func(a, b Checkpoint) int { return cmp.Compare(b.LastSeq, a.LastSeq) })
	for _, c := range byLast {
		if c.Reason == Restarted && isSigned(c.signed(), c.Signature, c.LastSeq) {
			v.breaks(c)
		}
	}
	for _, head := range heads {
		if !isSigned(head.signed(), head.Signature, head.Seq) {
			v.found(BadSignature, head.Seq, head.Seq, "The signature of the head of entry %d is not from this key.", head.Seq)
			continue
		}
		v.heads = append(v.heads, head)
		v.signed[head.Seq] = append(v.signed[head.Seq], head.Hash)
	}
	for _, checkpoint := range checkpoints {
		if !isSigned(checkpoint.signed(), checkpoint.Signature, checkpoint.LastSeq) {
			v.found(BadSignature, checkpoint.FirstSeq, checkpoint.LastSeq, "The signature of the checkpoint of entries %d to %d is not from this key.", checkpoint.FirstSeq, checkpoint.LastSeq)
			continue
		}
		v.report.Checkpoints = append(v.report.Checkpoints, checkpoint)
		v.signed[checkpoint.LastSeq] = append(v.signed[checkpoint.LastSeq], checkpoint.Hash)
	}
	return v
}

// breaks notes a break. The trail is neither whole after it nor unusable.
func (v *Verifier) breaks(c Checkpoint) {
	damaged := strings.Fields(c.Problem)
	if slices.Contains(damaged, MACName) {
		v.lostMAC = max(v.lostMAC, c.LastSeq)
	}
	if slices.Contains(damaged, SigningName) {
		v.lostSigning = max(v.lostSigning, c.LastSeq)
	}
	v.found(Broken, c.FirstSeq, c.LastSeq, "A key of the trail was damaged, so a new chain begins with entry %d. Entries %d to %d are proven by their hashes and by what was signed, no more by their key.", c.LastSeq+1, c.FirstSeq, c.LastSeq)
}

func (v *Verifier) found(kind string, seq, until int64, text string, args ...any) {
	v.report.Found++
	if len(v.report.Problems) < maxProblems {
		v.report.Problems = append(v.report.Problems, Problem{Kind: kind, Seq: seq, Until: until, Text: fmt.Sprintf(text, args...)})
	}
}

// Add checks the next entry. An error comes from the MAC key.
func (v *Verifier) Add(e ChainedEntry) error {
	v.place(e)
	v.content(e)
	for _, hash := range v.signed[e.Seq] {
		if !bytes.Equal(hash, e.Hash) {
			v.found(HeadDiffers, e.Seq, e.Seq, "Entry %d is not the one that was signed.", e.Seq)
			break
		}
	}
	if v.mac != nil && e.Seq > v.lostMAC {
		mac, err := v.mac(e.macInput())
		if err != nil {
			return err
		}
		if !hmac.Equal(mac, e.MAC) {
			v.found(Forged, e.Seq, e.Seq, "Entry %d was not written by this office.", e.Seq)
		}
	}
	v.report.Records++
	if e.Seq > v.report.Last {
		v.report.Last, v.prev = e.Seq, e
	}
	return nil
}

// place checks that an entry follows the one before.
func (v *Verifier) place(e ChainedEntry) {
	if v.report.Records == 0 {
		v.report.First = e.Seq
		v.beginning(e)
		return
	}
	switch last := v.report.Last; {
	case e.Seq <= last:
		v.found(Misplaced, e.Seq, e.Seq, "Entry %d comes after entry %d.", e.Seq, last)
	case e.Seq > last+1:
		v.found(Missing, last+1, e.Seq-1, "Entries %d to %d are missing.", last+1, e.Seq-1)
	case !bytes.Equal(e.PrevHash, v.prev.Hash):
		v.found(Unlinked, e.Seq, e.Seq, "Entry %d does not continue entry %d.", e.Seq, last)
	}
}

// beginning checks the first entry: number 1 continues nothing, any other
// needs the signed checkpoint of the entries that were pruned before it.
func (v *Verifier) beginning(e ChainedEntry) {
	if e.Seq == 1 {
		if len(e.PrevHash) > 0 {
			v.found(Unlinked, 1, 1, "Entry 1 continues another trail.")
		}
		return
	}
	for _, checkpoint := range v.report.Checkpoints {
		if checkpoint.Reason == Pruned && checkpoint.LastSeq == e.Seq-1 {
			if !bytes.Equal(checkpoint.Hash, e.PrevHash) {
				v.found(Unlinked, e.Seq, e.Seq, "Entry %d does not continue what was pruned before it.", e.Seq)
			}
			return
		}
	}
	v.found(Missing, 1, e.Seq-1, "Entries 1 to %d are missing.", e.Seq-1)
}

// content checks an entry by itself: its texts against their digests, and all
// against its hash.
func (v *Verifier) content(e ChainedEntry) {
	erased := Erased{Seq: e.Seq}
	changed := !bytes.Equal(e.record().hash(), e.Hash)
	erased.Texts = e.erased()
	for i, text := range e.texts() {
		if slices.Contains(erased.Texts, textNames[i]) {
			continue
		}
		changed = changed || len(e.Salts[i]) != saltSize || !bytes.Equal(digest(textNames[i], e.Salts[i], text), e.Digests[i])
	}
	if changed {
		v.found(Changed, e.Seq, e.Seq, "Entry %d was changed.", e.Seq)
	}
	if len(erased.Texts) > 0 {
		v.report.Erased = append(v.report.Erased, erased)
	}
}

// Report ends the verification: heads of entries that never came mean that the
// tail was cut off. Call it once.
func (v *Verifier) Report() Report {
	var known int64
	for _, head := range v.heads {
		known = max(known, head.Seq)
	}
	for _, checkpoint := range v.report.Checkpoints {
		known = max(known, checkpoint.LastSeq)
	}
	if next := v.report.Last + 1; known >= next && !v.prunedUpTo(known) {
		v.found(CutOff, next, known, "Entries %d to %d were cut off.", next, known)
	}
	return v.report
}

// prunedUpTo reports whether nothing is left because everything was pruned.
func (v *Verifier) prunedUpTo(seq int64) bool {
	if v.report.Records > 0 {
		return false
	}
	for _, checkpoint := range v.report.Checkpoints {
		if checkpoint.Reason == Pruned && checkpoint.LastSeq == seq {
			return true
		}
	}
	return false
}

// page is how many entries are read at once.
const page = 500

// Verify checks the whole trail with the keys of an open vault. Faults:
// vault.locked and those of the keys.
func (s *Log) Verify(ctx context.Context) (Report, error) {
	public, err := s.keys.PublicKey(ctx, SigningName)
	if err != nil {
		return Report{}, err
	}
	kept, err := s.store.ActivityKeys(ctx)
	if err != nil {
		return Report{}, err
	}
	heads, err := s.store.ActivityHeads(ctx)
	if err != nil {
		return Report{}, err
	}
	checkpoints, err := s.store.ActivityCheckpoints(ctx)
	if err != nil {
		return Report{}, err
	}
	v := NewVerifier(public, s.mac(ctx), checkpoints, heads, kept...)
	if len(kept) == 0 || !public.Equal(kept[len(kept)-1]) {
		v.found(OtherKey, 0, 0, "The public key that is kept is not the one of this office.")
	}
	for after := int64(0); ; {
		entries, err := s.store.ActivityChain(ctx, after, page)
		if err != nil {
			return Report{}, err
		}
		for _, entry := range entries {
			if err := v.Add(entry); err != nil {
				return Report{}, err
			}
			after = entry.Seq
		}
		if len(entries) < page {
			return v.Report(), nil
		}
	}
}

package activity

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// Open runs each time the data key has just been opened: it makes the signing
// key where there is none yet, chains entries of the old format again, takes
// over the head that was kept outside the database and, after an unclean stop,
// reads the newest entries back.
//
// Old entries are chained once, all in one transaction, before the public key
// is kept. An office that has its public key never does it again: otherwise an
// emptied hash would be enough to have forged entries chained.
func (s *Log) Open(ctx context.Context) error {
	kept, err := s.store.ActivityKeys(ctx)
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		if err := s.store.InTx(ctx, s.begin); err != nil {
			return err
		}
	}
	public, err := s.keys.PublicKey(ctx, SigningName)
	if err != nil {
		return err
	}
	if len(kept) > 0 && !public.Equal(kept[len(kept)-1]) {
		s.log.Error("the activity's public key in the database is not the one of this office")
	}
	if err := s.adoptHead(ctx, append(kept, public)); err != nil {
		return err
	}
	if s.store.StoppedUncleanly() {
		return s.checkTail(ctx)
	}
	return nil
}

// begin makes and keeps the signing key, after chaining the entries of the old
// format.
func (s *Log) begin(ctx context.Context) error {
	if err := s.keys.MakeKey(ctx, SigningName); err != nil {
		return err
	}
	public, err := s.keys.PublicKey(ctx, SigningName)
	if err != nil {
		return err
	}
	if err := s.store.InsertActivityKey(ctx, public, 1, s.now().UnixMilli()); err != nil {
		return err
	}
	_, hash, err := s.store.LastActivity(ctx)
	if err != nil || len(hash) > 0 {
		return err
	}
	return s.convert(ctx)
}

// convert verifies the old chain, chains its entries again and signs whether
// the old chain held. Then it verifies what it made; an error undoes all of it,
// so that the old MACs are never deleted without a chain that replaces them.
func (s *Log) convert(ctx context.Context) error {
	old := oldChain{mac: s.mac(ctx)}
	sum := Checkpoint{Reason: Converted}
	var prev []byte
	for after := int64(0); ; {
		entries, err := s.store.OldActivity(ctx, after, page)
		if err != nil {
			return err
		}
		salts := newSalts(len(entries))
		for i, entry := range entries {
			if err := old.add(entry); err != nil {
				return err
			}
			entry.ActorKind = entry.actorKind()
			chained, err := linked(entry.Entry, prev, salts[i], s.mac(ctx))
			if err != nil {
				return err
			}
			if err := s.store.ChainActivity(ctx, chained); err != nil {
				return err
			}
			if sum.Count == 0 {
				sum.FirstSeq, sum.FirstMs = entry.Seq, entry.AtMs
			}
			sum.LastSeq, sum.LastMs, sum.Hash = entry.Seq, entry.AtMs, chained.Hash
			sum.Count++
			prev, after = chained.Hash, entry.Seq
		}
		if len(entries) < page {
			break
		}
	}
	lastMAC, err := s.store.DropOldMACs(ctx)
	if err != nil {
		return err
	}
	if sum.Count == 0 && lastMAC == 0 {
		return nil
	}
	old.end(lastMAC)
	sum.BrokenSeq, sum.Problem, sum.AtMs = old.broken, old.problem, s.now().UnixMilli()
	if sum.Signature, err = s.keys.Sign(ctx, SigningName, sum.signed()); err != nil {
		return err
	}
	if err := s.store.InsertActivityCheckpoint(ctx, sum); err != nil {
		return err
	}
	if sum.BrokenSeq > 0 {
		s.log.Error("the activity trail was damaged before it was chained again", "entry", sum.BrokenSeq, "problem", sum.Problem)
	}
	report, err := s.Verify(ctx)
	if err != nil {
		return err
	}
	// A gap in the numbers was there before.
	for _, problem := range report.Problems {
		if problem.Kind != Missing {
			return fmt.Errorf("activity: chained again but not whole: %s", problem.Text)
		}
	}
	return nil
}

// Close writes the counts of refusals that are still held and signs the head,
// in the database and in the file next to it. An error is only logged: it must
// not keep the program from closing.
func (s *Log) Close(ctx context.Context) {
	s.FlushAll(ctx)
	if _, err := s.SignHead(ctx); err != nil {
		s.log.Warn("the head of the activity could not be signed", "error", err)
	}
}

// SignHead signs the newest entry, where no head of it is signed yet, and
// writes the head to a file next to the database. A trail without entries has
// no head.
func (s *Log) SignHead(ctx context.Context) (Head, error) {
	public, err := s.keys.PublicKey(ctx, SigningName)
	if err != nil {
		return Head{}, err
	}
	var head Head
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		seq, hash, err := s.store.LastActivity(ctx)
		if err != nil || len(hash) == 0 {
			return err
		}
		var signed bool
		if head, signed, err = s.store.ActivityHead(ctx, seq, hash); err != nil || signed {
			return err
		}
		head = Head{Seq: seq, Hash: hash, AtMs: s.now().UnixMilli()}
		if head.Signature, err = s.keys.Sign(ctx, SigningName, head.signed()); err != nil {
			return err
		}
		return s.store.InsertActivityHead(ctx, head)
	})
	if err != nil || head.Seq == 0 {
		return Head{}, err
	}
	return head, writeHead(s.headFile, head, public)
}

// adoptHead puts the head that is kept outside into the database if it is not
// there already. In that case the database is older than the file, or was
// changed, and the next verification says so. A file that this office did not
// sign is moved aside, since the next close writes its own.
func (s *Log) adoptHead(ctx context.Context, publics []ed25519.PublicKey) error {
	head, err := readHead(s.headFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	ours := slices.ContainsFunc(publics, func(public ed25519.PublicKey) bool { return signs(public, head.signed(), head.Signature) })
	if err != nil || !ours {
		s.log.Warn("the file with the activity's head is not from this office", "error", err)
		return os.Rename(s.headFile, s.headFile+".other")
	}
	_, known, err := s.store.ActivityHead(ctx, head.Seq, head.Hash)
	if err != nil || known {
		return err
	}
	s.log.Error("the activity trail lacks a head that was signed", "entry", head.Seq)
	return s.store.InTx(ctx, func(ctx context.Context) error { return s.store.InsertActivityHead(ctx, head) })
}

// HeadFile is the name of the signed head in the data folder.
const HeadFile = "activity.head"

// headJSON is a head as the file has it, bytes in hex.
type headJSON struct {
	Seq       int64  `json:"seq"`
	Hash      string `json:"hash"`
	AtMs      int64  `json:"at_ms"`
	Signature string `json:"signature"`
	PublicKey string `json:"public_key"`
}

// writeHead replaces the file at once or not at all.
func writeHead(path string, head Head, public ed25519.PublicKey) error {
	data, err := json.Marshal(headJSON{
		Seq: head.Seq, Hash: hex.EncodeToString(head.Hash), AtMs: head.AtMs,
		Signature: hex.EncodeToString(head.Signature), PublicKey: hex.EncodeToString(public),
	})
	if err != nil {
		return err
	}
	next := path + ".new"
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(data, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return os.Rename(next, path)
}

func readHead(path string) (Head, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Head{}, err
	}
	var in headJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return Head{}, err
	}
	hash, hashErr := hex.DecodeString(in.Hash)
	signature, signatureErr := hex.DecodeString(in.Signature)
	return Head{Seq: in.Seq, Hash: hash, AtMs: in.AtMs, Signature: signature}, errors.Join(hashErr, signatureErr)
}

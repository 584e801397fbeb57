package activity_test

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/activity"
)

// Everything up to verifyExport uses no code of Keydesk: an auditor could write
// it from FORMAT.md, and needs only the public key.

func num(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func part(b []byte) []byte { return append(num(int64(len(b))), b...) }

func purpose(word string) []byte { return append(part([]byte("keydesk activity "+word)), 1) }

func headBytes(seq int64, hash []byte, atMs int64) []byte {
	return bytes.Join([][]byte{purpose("head"), num(seq), part(hash), num(atMs)}, nil)
}

type hexBytes []byte

func (h hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// exportText is one erasable text of a line; Salt is empty where it was erased.
type exportText struct {
	Text   string   `json:"text"`
	Salt   hexBytes `json:"salt"`
	Digest hexBytes `json:"digest"`
}

// exportLine is one line of an export.
type exportLine struct {
	Type      string     `json:"type"` // record or head
	Seq       int64      `json:"seq"`
	AtMs      int64      `json:"at_ms"`
	MonoMs    int64      `json:"mono_ms"`
	Count     int64      `json:"count"`
	ActorKind string     `json:"actor_kind"`
	ActorID   string     `json:"actor_id"`
	Roles     string     `json:"roles"`
	Source    string     `json:"source"`
	Op        string     `json:"op"`
	Outcome   string     `json:"outcome"`
	Kind      string     `json:"kind"`
	ObjectID  string     `json:"object_id"`
	Actor     exportText `json:"actor"`
	Object    exportText `json:"object"`
	Before    exportText `json:"before"`
	After     exportText `json:"after"`
	PrevHash  hexBytes   `json:"prev_hash"`
	Hash      hexBytes   `json:"hash"`
	Signature hexBytes   `json:"signature,omitempty"`
}

// verifyExport reads an export and says what is wrong with it.
func verifyExport(in io.Reader, public ed25519.PublicKey) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	var seq int64
	var prev []byte
	hashes := map[int64][]byte{}
	for lines.Scan() {
		var l exportLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return err
		}
		if l.Type == "head" {
			if !ed25519.Verify(public, headBytes(l.Seq, l.Hash, l.AtMs), l.Signature) {
				return fmt.Errorf("head %d: signature", l.Seq)
			}
			if !bytes.Equal(hashes[l.Seq], l.Hash) {
				return fmt.Errorf("head %d: another entry", l.Seq)
			}
			continue
		}
		if l.Seq != seq+1 {
			return fmt.Errorf("entry %d comes after %d", l.Seq, seq)
		}
		if !bytes.Equal(l.PrevHash, prev) {
			return fmt.Errorf("entry %d: previous hash", l.Seq)
		}
		record := bytes.Join([][]byte{purpose("record"), part(l.PrevHash), num(l.Seq), num(l.AtMs), num(l.MonoMs), num(l.Count)}, nil)
		for _, field := range []string{l.ActorKind, l.ActorID, l.Roles, l.Source, l.Op, l.Outcome, l.Kind, l.ObjectID} {
			record = append(record, part([]byte(field))...)
		}
		for i, text := range []exportText{l.Actor, l.Object, l.Before, l.After} {
			name := []string{"actor", "object", "before", "after"}[i]
			sum := sha256.Sum256(bytes.Join([][]byte{purpose("text"), part([]byte(name)), part(text.Salt), part([]byte(text.Text))}, nil))
			erased := text.Text == "" && len(text.Salt) == 0
			if !erased && (len(text.Salt) != 16 || !bytes.Equal(sum[:], text.Digest)) {
				return fmt.Errorf("entry %d: %s", l.Seq, name)
			}
			record = append(record, part(text.Digest)...)
		}
		if sum := sha256.Sum256(record); !bytes.Equal(sum[:], l.Hash) {
			return fmt.Errorf("entry %d: hash", l.Seq)
		}
		seq, prev = l.Seq, l.Hash
		hashes[seq] = l.Hash
	}
	return lines.Err()
}

// export writes the trail as JSON lines, the heads last.
func (d *desk) export() string {
	d.t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, e := range d.chain() {
		texts := [4]exportText{}
		for i, text := range []string{e.Actor, e.Object, e.Before, e.After} {
			texts[i] = exportText{Text: text, Salt: e.Salts[i], Digest: e.Digests[i]}
		}
		must(d.t, encoder.Encode(exportLine{
			Type: "record", Seq: e.Seq, AtMs: e.AtMs, MonoMs: e.MonoMs, Count: int64(e.Count), ActorKind: e.ActorKind, ActorID: e.ActorID,
			Roles: e.Roles, Source: e.Source, Op: e.Op, Outcome: e.Outcome, Kind: e.Kind, ObjectID: e.ObjectID,
			Actor: texts[0], Object: texts[1], Before: texts[2], After: texts[3], PrevHash: e.PrevHash, Hash: e.Hash,
		}))
	}
	heads, err := d.store.ActivityHeads(d.t.Context())
	must(d.t, err)
	for _, h := range heads {
		must(d.t, encoder.Encode(exportLine{Type: "head", Seq: h.Seq, Hash: h.Hash, AtMs: h.AtMs, Signature: h.Signature}))
	}
	return out.String()
}

// H16: an export is verified by a program that shares nothing with Keydesk and
// holds only the public key, erased texts and old entries included.
func TestExportVerifiesStandAlone(t *testing.T) {
	d := opened(t, oldTrail(t, 30))
	d.write(5)
	bad := "Caf\xe9 \x00\u2028<b>" // not UTF-8, and what JSON escapes
	must(t, d.record(access.Change{Kind: "setup", ID: "s", Name: bad}))
	d.shut()
	run(t, d.folder, "UPDATE activity SET actor = '', actor_salt = x'' WHERE seq IN (3, 33)")
	d = opened(t, d.folder)
	if report := d.wantWhole(36); len(report.Erased) != 2 {
		t.Errorf("erased %+v", report.Erased)
	}
	text := d.export()
	if err := verifyExport(strings.NewReader(text), public); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 37 {
		t.Fatalf("%d lines", len(lines))
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)).Public().(ed25519.PublicKey)
	if err := verifyExport(strings.NewReader(text), other); err == nil {
		t.Error("another office's key verified it")
	}
	for _, edit := range []func(lines []string) []string{
		func(l []string) []string { l[4] = strings.Replace(l[4], "Setup 5", "Setup 6", 1); return l },
		func(l []string) []string { l[4] = strings.Replace(l[4], `"done"`, `"refused"`, 1); return l },
		func(l []string) []string { return append(l[:4], l[5:]...) },
		func(l []string) []string { l[4], l[5] = l[5], l[4]; return l },
		func(l []string) []string { l[5] = l[4]; return l },
		func(l []string) []string { return append(l[:35], l[36:]...) },
	} {
		changed := strings.Join(edit(append([]string{}, lines...)), "\n")
		if err := verifyExport(strings.NewReader(changed), public); err == nil {
			t.Errorf("an edited export verified")
		}
	}
	// The package's own verifier says the same of what it reads, also without
	// the MAC key.
	heads, err := d.store.ActivityHeads(t.Context())
	must(t, err)
	checkpoints, err := d.store.ActivityCheckpoints(t.Context())
	must(t, err)
	v := activity.NewVerifier(public, nil, checkpoints, heads)
	for _, e := range d.chain() {
		must(t, v.Add(e))
	}
	if report := v.Report(); report.Found != 0 || report.Records != 36 || len(report.Checkpoints) != 1 {
		t.Errorf("the public key alone: %+v", report)
	}
}

package activity_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/activity"
)

// restart begins a new chain as the gate does: the entry about it is written in
// the same transaction.
func (d *desk) restart() {
	d.t.Helper()
	invocation := &access.Invocation{Caller: access.Caller{Kind: access.System, Name: "Keydesk", Source: access.Program}, Op: access.Info(activity.OpRestart)}
	must(d.t, d.store.InTx(d.t.Context(), func(ctx context.Context) error {
		if _, err := d.Restart(access.With(ctx, invocation), struct{}{}); err != nil {
			return err
		}
		return d.Record(ctx, invocation, invocation.TakeChanges())
	}))
}

func (d *desk) damage(names ...string) {
	d.keys.damaged = map[string]bool{}
	for _, name := range names {
		d.keys.damaged[name] = true
	}
}

func broken(report activity.Report) (spans []string) {
	for _, problem := range report.Problems {
		spans = append(spans, fmt.Sprintf("%s %d-%d", problem.Kind, problem.Seq, problem.Until))
	}
	return spans
}

// RULES.md, Activity: a trail whose key was damaged goes on in a new chain with
// a signed break. A verification names the break and finds nothing else; what is
// changed before or after it is still found.
func TestDamagedKeysBeginANewChain(t *testing.T) {
	for _, damaged := range [][]string{{activity.MACName}, {activity.SigningName}, {activity.MACName, activity.SigningName}} {
		t.Run(strings.Join(damaged, " "), func(t *testing.T) {
			folder := t.TempDir()
			d := opened(t, folder)
			d.write(5)
			d.shut() // entry 5 is signed
			d = opened(t, folder)
			d.write(2)
			d.damage(damaged...)
			if found, err := d.Damaged(t.Context()); err != nil || !slices.Equal(found, damaged) {
				t.Fatal(found, err)
			}
			d.restart()
			if found, err := d.Damaged(t.Context()); err != nil || len(found) != 0 {
				t.Fatal(found, err)
			}
			must(t, d.Open(t.Context()))
			d.write(3) // 9 to 11, after the entry about the break
			report := d.verify()
			if report.Records != 11 || !slices.Equal(broken(report), []string{"broken 1-7"}) {
				t.Fatalf("%+v", report)
			}
			if text := report.Problems[0].Text; !strings.Contains(text, "begins with entry 8") {
				t.Error(text)
			}
			e := d.chain()[7]
			if e.Op != "activity.restart" || e.Object != "Break after entry 7" || e.ActorKind != "system" || e.After != fmt.Sprintf(`{"first_entry":8,"damaged":["%s"]}`, strings.Join(damaged, `","`)) {
				t.Errorf("the entry about it: %+v", e.Entry)
			}
			// It happens once.
			must(t, d.Open(t.Context()))
			_, err := d.SignHead(t.Context())
			must(t, err)
			again := d.verify()
			if again.Records != 11 || !slices.Equal(broken(again), []string{"broken 1-7"}) {
				t.Errorf("%+v", again)
			}
			if _, err := os.Stat(d.headFile() + ".other"); err == nil {
				t.Error("the head outside was taken for another office's")
			}
			// The hashes of the break bind the entries before it.
			run(t, folder, "UPDATE activity SET op = 'setup.delete' WHERE seq = 3")
			if found := broken(d.verify()); !slices.Contains(found, "changed 3-3") {
				t.Errorf("an entry changed before the break: %v", found)
			}
			run(t, folder, "UPDATE activity SET op = 'setup.update' WHERE seq = 3", "UPDATE activity SET mac = x'00' WHERE seq = 10")
			if found := broken(d.verify()); !slices.Equal(found, []string{"broken 1-7", "forged 10-10"}) {
				t.Errorf("an entry forged after the break: %v", found)
			}
		})
	}
}

// A key can be damaged more than once: each break is named, and earlier keys
// count only up to the break that ended them.
func TestTwoBreaks(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(3)
	_, err := d.SignHead(t.Context())
	must(t, err)
	for range 2 {
		d.damage(activity.MACName, activity.SigningName)
		d.restart()
		must(t, d.Open(t.Context()))
		d.write(1)
		_, err := d.SignHead(t.Context())
		must(t, err)
	}
	if found := broken(d.verify()); !slices.Equal(found, []string{"broken 4-5", "broken 1-3"}) {
		t.Fatalf("%v", found)
	}
	publics, err := d.store.ActivityKeys(t.Context())
	must(t, err)
	if len(publics) != 3 || !publics[0].Equal(public) {
		t.Fatalf("%d public keys", len(publics))
	}
	heads, err := d.store.ActivityHeads(t.Context())
	must(t, err)
	checkpoints, err := d.store.ActivityCheckpoints(t.Context())
	must(t, err)
	// Somebody who holds the first key cannot sign what came after its break.
	late := heads[len(heads)-1]
	forged := late
	forged.Signature = ed25519.Sign(signer, headBytes(late.Seq, late.Hash, late.AtMs))
	v := activity.NewVerifier(publics[2], nil, checkpoints, append(slices.Clone(heads), forged), publics...)
	for _, e := range d.chain() {
		must(t, v.Add(e))
	}
	if found := broken(v.Report()); !slices.Equal(found, []string{"broken 4-5", "broken 1-3", fmt.Sprintf("bad_signature %d-%d", late.Seq, late.Seq)}) {
		t.Errorf("%v", found)
	}
	// Without the earlier keys, what they signed is not accepted.
	v = activity.NewVerifier(publics[2], nil, checkpoints, heads)
	for _, e := range d.chain() {
		must(t, v.Add(e))
	}
	if found := broken(v.Report()); !slices.Contains(found, "bad_signature 3-3") {
		t.Errorf("%v", found)
	}
}

// A trail of the old format whose key was damaged is chained again, with a
// signed note that its old chain could not be verified.
func TestDamagedKeyOfAnOldTrail(t *testing.T) {
	d := closed(t, oldTrail(t, 12))
	d.damage(activity.MACName)
	d.restart()
	must(t, d.Open(t.Context()))
	d.write(1)
	report := d.verify()
	if report.Records != 14 || !slices.Equal(broken(report), []string{"broken 1-12"}) {
		t.Fatalf("%+v", report)
	}
	at := slices.IndexFunc(report.Checkpoints, func(c activity.Checkpoint) bool { return c.Reason == activity.Converted })
	if at < 0 || report.Checkpoints[at].BrokenSeq != 1 {
		t.Errorf("%+v", report.Checkpoints)
	}
}

// FORMAT.md: a break is verified by a program that shares nothing with Keydesk.
func TestBreakVerifiesStandAlone(t *testing.T) {
	d := opened(t, t.TempDir())
	d.write(4)
	_, err := d.SignHead(t.Context())
	must(t, err)
	d.damage(activity.SigningName, activity.MACName)
	d.restart()
	d.write(2)
	publics, err := d.store.ActivityKeys(t.Context())
	must(t, err)
	checkpoints, err := d.store.ActivityCheckpoints(t.Context())
	must(t, err)
	if len(publics) != 2 || len(checkpoints) != 1 {
		t.Fatalf("%d keys, %d checkpoints", len(publics), len(checkpoints))
	}
	c := checkpoints[0]
	if c.Reason != "restarted" || c.FirstSeq != 1 || c.LastSeq != 4 || c.Count != 4 || c.BrokenSeq != 5 || c.Problem != "activity_mac activity_signing" {
		t.Errorf("%+v", c)
	}
	signed := bytes.Join([][]byte{
		purpose("checkpoint"), part([]byte(c.Reason)), num(c.FirstSeq), num(c.LastSeq), num(c.Count), num(c.FirstMs), num(c.LastMs),
		part(c.Hash), num(c.BrokenSeq), part([]byte(c.Problem)), num(c.AtMs),
	}, nil)
	if !ed25519.Verify(publics[1], signed, c.Signature) || ed25519.Verify(publics[0], signed, c.Signature) {
		t.Error("the break is not signed with the new key")
	}
	// The hashes go through the break, and the heads before it are the old key's.
	if err := verifyExport(strings.NewReader(d.export()), publics[0]); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(d.chain()[3].Hash, c.Hash) {
		t.Error("the break is of another entry")
	}
}

package activity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
)

// formatVersion is the version byte of everything in FORMAT.md.
const formatVersion = 1

// saltSize is the size of a salt in bytes. A text of a few letters cannot be
// guessed from its digest without the salt.
const saltSize = 16

// textNames are the texts of an entry that can be erased, in their order in
// the canonical bytes.
var textNames = [4]string{"actor", "object", "before", "after"}

// texts are the values of textNames.
func (e Entry) texts() [4]string { return [4]string{e.Actor, e.Object, e.Before, e.After} }

// Link is what chains an entry to the one before it (FORMAT.md). Salts and
// Digests belong to the texts of the entry: actor, object, before, after. The
// salt of an erased text is empty.
type Link struct {
	PrevHash []byte
	Hash     []byte
	MAC      []byte
	Salts    [4][]byte
	Digests  [4][]byte
}

// ChainedEntry is an entry with its link, as the store keeps it.
type ChainedEntry struct {
	Entry
	Link
}

// canonical builds the bytes that are hashed, signed or authenticated. Every
// part has a fixed size or its length in front, so that no two values share
// bytes.
type canonical []byte

// begin starts with what the bytes are for, so that bytes made for one purpose
// are never valid for another.
func begin(purpose string) canonical {
	return append(canonical{}.text("keydesk activity "+purpose), formatVersion)
}

func (c canonical) number(n int64) canonical { return binary.BigEndian.AppendUint64(c, uint64(n)) }

func (c canonical) bytes(b []byte) canonical { return append(c.number(int64(len(b))), b...) }

func (c canonical) text(s string) canonical { return append(c.number(int64(len(s))), s...) }

func (c canonical) hash() []byte {
	sum := sha256.Sum256(c)
	return sum[:]
}

// digest is what represents a text in the chain.
func digest(name string, salt []byte, text string) []byte {
	return begin("text").text(name).bytes(salt).text(text).hash()
}

// record returns the bytes that the hash of an entry covers. The texts are in
// them as digests, so that text and salt can be dropped later.
func (e ChainedEntry) record() canonical {
	c := begin("record").bytes(e.PrevHash).number(e.Seq).number(e.AtMs).number(e.MonoMs).number(int64(e.Count))
	for _, text := range []string{e.ActorKind, e.ActorID, e.Roles, e.Source, e.Op, e.Outcome, e.Kind, e.ObjectID} {
		c = c.text(text)
	}
	for _, digest := range e.Digests {
		c = c.bytes(digest)
	}
	return c
}

// macInput returns the bytes that the MAC covers.
func (e ChainedEntry) macInput() canonical { return begin("mac").number(e.Seq).bytes(e.Hash) }

// newSalts returns one salt per text for n entries, with one read of
// randomness.
func newSalts(n int) [][4][]byte {
	random := make([]byte, n*len(textNames)*saltSize)
	rand.Read(random)
	salts := make([][4][]byte, n)
	for i := range salts {
		for j := range textNames {
			salts[i][j], random = random[:saltSize:saltSize], random[saltSize:]
		}
	}
	return salts
}

// linked chains an entry, whose number is set, to the hash of the one before.
func linked(entry Entry, prevHash []byte, salts [4][]byte, mac func(data []byte) ([]byte, error)) (ChainedEntry, error) {
	chained := ChainedEntry{Entry: entry, Link: Link{PrevHash: prevHash, Salts: salts}}
	for i, text := range entry.texts() {
		chained.Digests[i] = digest(textNames[i], salts[i], text)
	}
	chained.Hash = chained.record().hash()
	var err error
	chained.MAC, err = mac(chained.macInput())
	return chained, err
}

// mac returns the keyed MAC in a context.
func (s *Log) mac(ctx context.Context) func(data []byte) ([]byte, error) {
	return func(data []byte) ([]byte, error) { return s.keys.MAC(ctx, MACName, data) }
}

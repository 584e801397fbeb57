package activity

import "crypto/ed25519"

// Head is a signed statement that the entry Seq had this hash at that time.
// Nobody can change, remove, insert or reorder an entry up to Seq without this
// showing.
type Head struct {
	Seq       int64
	Hash      []byte
	AtMs      int64
	Signature []byte
}

func (h Head) signed() canonical { return begin("head").number(h.Seq).bytes(h.Hash).number(h.AtMs) }

// Reasons of a checkpoint.
const (
	// Converted entries were written in the old format and chained again.
	Converted = "converted"
	// Pruned entries were removed after their time.
	Pruned = "pruned"
	// Restarted entries were written under a key that does not open any more.
	Restarted = "restarted"
)

// Checkpoint is a signed statement about the entries from FirstSeq to LastSeq.
// Hash is the hash of the last one. For converted entries BrokenSeq is the
// first at which the old chain did not hold, 0 if it held, and Problem says
// what was found there. For restarted ones BrokenSeq is the first entry of the
// new chain, and Problem names the keys that were damaged, with a blank between.
type Checkpoint struct {
	Reason    string
	FirstSeq  int64
	LastSeq   int64
	Count     int64
	FirstMs   int64
	LastMs    int64
	Hash      []byte
	BrokenSeq int64
	Problem   string
	AtMs      int64
	Signature []byte
}

func (c Checkpoint) signed() canonical {
	return begin("checkpoint").text(c.Reason).number(c.FirstSeq).number(c.LastSeq).number(c.Count).
		number(c.FirstMs).number(c.LastMs).bytes(c.Hash).number(c.BrokenSeq).text(c.Problem).number(c.AtMs)
}

// signs reports whether the signature over these bytes was made with the key of
// public. A key of the wrong size signs nothing.
func signs(public ed25519.PublicKey, data canonical, signature []byte) bool {
	return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, data, signature)
}

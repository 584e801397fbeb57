package activity

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"

	"keydesk/backend/access"
)

// OldEntry is an entry of the format before FORMAT.md: a MAC over the texts
// themselves and the previous MAC, without a hash. Its texts could not be
// erased. Nothing writes this format any more; it is read once, to be chained
// again.
type OldEntry struct {
	Entry
	PrevMAC []byte
	MAC     []byte
}

// canonical returns the bytes that the old MAC covers.
func (e OldEntry) canonical() []byte {
	out := []byte("keydesk activity 1\n")
	part := func(b []byte) {
		out = binary.BigEndian.AppendUint64(out, uint64(len(b)))
		out = append(out, b...)
	}
	number := func(n int64) { out = binary.BigEndian.AppendUint64(out, uint64(n)) }
	part(e.PrevMAC)
	number(e.Seq)
	number(e.AtMs)
	number(e.MonoMs)
	number(int64(e.Count))
	for _, text := range []string{e.ActorID, e.Actor, e.Roles, e.Source, e.Op, e.Outcome, e.Kind, e.ObjectID, e.Object, e.Before, e.After} {
		part([]byte(text))
	}
	return out
}

// oldChain checks entries of the old format in their order and remembers the
// first fault.
type oldChain struct {
	mac func(data []byte) ([]byte, error)

	seq     int64
	prevMAC []byte
	broken  int64
	problem string
}

func (c *oldChain) fail(seq int64, problem string) {
	if c.broken == 0 {
		c.broken, c.problem = seq, problem
	}
}

// add checks the next entry. An error is one of the key, not of the chain.
func (c *oldChain) add(e OldEntry) error {
	mac, err := c.mac(e.canonical())
	if err != nil {
		return err
	}
	switch {
	case e.Seq != c.seq+1:
		c.fail(c.seq+1, "An entry is missing.")
	case !hmac.Equal(mac, e.MAC):
		c.fail(e.Seq, "The entry was changed.")
	case !bytes.Equal(e.PrevMAC, c.prevMAC):
		c.fail(e.Seq, "The entry does not continue the one before.")
	}
	c.seq, c.prevMAC = e.Seq, e.MAC
	return nil
}

// end takes the number of the last MAC that was kept: entries between the last
// one that is there and that number were removed.
func (c *oldChain) end(lastMAC int64) {
	if lastMAC > c.seq {
		c.fail(c.seq+1, "An entry is missing.")
	}
}

// actorKind returns the kind of actor, which the old format did not have.
func (e OldEntry) actorKind() string {
	switch {
	case e.ActorID != "":
		return string(access.Person)
	case e.Source == string(access.Program):
		return string(access.System)
	default: // nobody, as in a sign-in under an unknown name
		return ""
	}
}

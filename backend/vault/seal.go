package vault

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// keySize is the size of the data key and of every key that wraps it, in bytes.
const keySize = chacha20poly1305.KeySize

// sealVersion is the format of a sealed value: 24 bytes of random nonce, then
// XChaCha20-Poly1305 ciphertext and tag.
const sealVersion = 1

// errDoesNotOpen says that key, place or content is not the one sealed.
var errDoesNotOpen = errors.New("vault: sealed value does not open")

// dataKey is the key that seals secrets. nil is no key.
type dataKey struct{ bytes [keySize]byte }

func newDataKey() *dataKey {
	k := &dataKey{}
	rand.Read(k.bytes[:]) // never fails: crypto/rand ends the program instead
	return k
}

func dataKeyOf(b []byte) (*dataKey, bool) {
	if len(b) != keySize {
		return nil, false
	}
	return &dataKey{bytes: [keySize]byte(b)}, true
}

func (k *dataKey) equal(other *dataKey) bool {
	return k != nil && other != nil && subtle.ConstantTimeCompare(k.bytes[:], other.bytes[:]) == 1
}

func (k *dataKey) copy() *dataKey {
	c := *k
	return &c
}

func (k *dataKey) wipe() {
	if k != nil {
		clear(k.bytes[:])
	}
}

// seal returns nonce and ciphertext of plain, bound to place.
func seal(key, plain, place []byte) []byte {
	aead := newAEAD(key)
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, place)
}

// unseal opens what seal made with the same key and place, or returns
// errDoesNotOpen.
func unseal(key, sealed, place []byte) ([]byte, error) {
	aead := newAEAD(key)
	if len(sealed) < aead.NonceSize()+aead.Overhead() {
		return nil, errDoesNotOpen
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], place)
	if err != nil {
		return nil, errDoesNotOpen
	}
	return plain, nil
}

func newAEAD(key []byte) cipher.AEAD {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic("vault: key of a wrong size") // our mistake: every caller has keySize bytes
	}
	return aead
}

// sealRow fills row.Version and row.Sealed.
func sealRow(key *dataKey, row Row, plain []byte) Row {
	row.Version = sealVersion
	row.Sealed = seal(key.bytes[:], plain, rowPlace(row))
	return row
}

func openRow(key *dataKey, row Row) ([]byte, error) {
	if key == nil || row.Version != sealVersion {
		return nil, errDoesNotOpen
	}
	return unseal(key.bytes[:], row.Sealed, rowPlace(row))
}

// rowPlace is the associated data of a row: its columns, each preceded by its
// length, so that no two places have the same bytes.
func rowPlace(row Row) []byte {
	place := []byte("keydesk secret")
	for _, column := range []string{row.OwnerKind, row.OwnerID, row.Slot} {
		place = binary.BigEndian.AppendUint32(place, uint32(len(column)))
		place = append(place, column...)
	}
	return binary.BigEndian.AppendUint32(place, uint32(row.Version))
}

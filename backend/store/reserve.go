package store

import (
	"crypto/rand"
	"errors"
	"os"
)

// Room on the disk, in bytes.
const (
	// reserveBytes are kept free for an opening on a full disk: 32 KiB that SQLite
	// needs even for reading, and some small saves, as of a sign-in.
	reserveBytes = 256 << 10
	// signInBytes are needed to sign in; without them the reserve is given back.
	signInBytes = 64 << 10
	// firstBytes are needed to make the tables of a new office.
	firstBytes = 1 << 20
)

// reservePath is a file that only takes up room. An opening on a full disk gives
// the room back.
func (s *Store) reservePath() string { return s.path + ".reserve" }

// reserve makes the reserve where there is none and the disk has room. Failing is
// no harm: an office whose disk is full works as far as it can.
func (s *Store) reserve() {
	if info, err := os.Lstat(s.reservePath()); err == nil && info.Size() == reserveBytes {
		return
	}
	_ = fill(s.reservePath(), reserveBytes)
}

// keepReserve decides about the reserve of a store that has just opened: it is given
// back where nobody could sign in without it, and made where there is none.
func (s *Store) keepReserve() {
	if s.hasRoom(signInBytes) == nil {
		s.reserve()
	} else {
		s.release()
	}
}

// release gives the reserve's room back, and tells whether there was any.
func (s *Store) release() bool {
	info, err := os.Lstat(s.reservePath())
	return err == nil && info.Size() > 0 && os.Remove(s.reservePath()) == nil
}

// hasRoom finds out whether the disk has room, by using it.
func (s *Store) hasRoom(bytes int) error {
	path := s.path + ".room"
	return errors.Join(fill(path, bytes), ignoreMissing(os.Remove(path)))
}

// fill writes a file of a size, with random bytes, since some disks store zeros in
// no room at all. What does not fit is removed again. It does not wait for the
// disk: a file system gives out room when it takes the bytes.
func fill(path string, bytes int) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	content := make([]byte, bytes)
	_, _ = rand.Read(content) // never fails
	_, err = file.Write(content)
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

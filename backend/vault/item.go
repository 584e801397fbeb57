package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"
)

// An office has two names in the keyring, so that a change of the data key can
// keep both the new and the old key until the database has decided: the one
// that fits the verifier is the key, wherever a crash happened.
func itemNames(installationID string) [2]string {
	return [2]string{"Keydesk " + installationID, "Keydesk " + installationID + " (2)"}
}

// otherItem returns the name that is not item, or the first if item is neither.
func otherItem(installationID, item string) string {
	names := itemNames(installationID)
	if item == names[0] {
		return names[1]
	}
	return names[0]
}

// itemPrefix marks the content as ours, and its format.
const itemPrefix = "keydesk1:"

func itemContent(key *dataKey) []byte {
	return base64.StdEncoding.AppendEncode([]byte(itemPrefix), key.bytes[:])
}

func readItem(content []byte) (*dataKey, bool) {
	encoded, ours := bytes.CutPrefix(content, []byte(itemPrefix))
	if !ours {
		return nil, false
	}
	key, err := base64.StdEncoding.DecodeString(string(encoded))
	if err != nil {
		return nil, false
	}
	defer clear(key)
	return dataKeyOf(key)
}

// itemKeys reads the keys of every item of a name, at least one: a keyring can
// hold several. Faults: keyring.missing, keyring.corrupt if no content is ours,
// or why the keyring returned nothing.
func (v *Vault) itemKeys(ctx context.Context, limit time.Duration, backend, item string) ([]*dataKey, error) {
	contents, err := v.keyring.all(ctx, limit, backend, item)
	if err != nil {
		return nil, err
	}
	var keys []*dataKey
	for _, content := range contents {
		if key, ok := readItem(content); ok {
			keys = append(keys, key)
		}
		clear(content)
	}
	if len(keys) == 0 {
		return nil, ErrKeyringCorrupt
	}
	return keys, nil
}

// holds reports whether key is one of keys.
func holds(keys []*dataKey, key *dataKey) bool {
	return slices.ContainsFunc(keys, func(one *dataKey) bool { return one.equal(key) })
}

// removeKeys removes the items of a name that hold a key drop wants. Whatever
// else is there is left as it is.
func (v *Vault) removeKeys(ctx context.Context, limit time.Duration, backend, item string, drop func(key *dataKey) bool) error {
	return v.keyring.removeIf(ctx, limit, backend, item, func(content []byte) bool {
		key, ours := readItem(content)
		return ours && drop(key)
	})
}

// writeItem puts the key where nothing is yet, reads it back and compares. If
// the same key is there already, that is as good; another key is keyring.taken
// and is left as it is.
func (v *Vault) writeItem(ctx context.Context, limit time.Duration, backend, item string, key *dataKey) error {
	switch there, err := v.itemKeys(ctx, limit, backend, item); {
	case err == nil && holds(there, key):
		return nil
	case err == nil, errors.Is(err, ErrKeyringCorrupt):
		return ErrKeyringTaken
	case !errors.Is(err, ErrKeyringMissing):
		return err
	}
	content := itemContent(key)
	defer clear(content)
	// The worker may be abandoned while the library still reads its copy.
	if err := v.keyring.set(ctx, limit, backend, item, []byte(strings.Clone(string(content)))); err != nil {
		return err
	}
	there, err := v.itemKeys(ctx, limit, backend, item)
	if errors.Is(err, ErrKeyringMissing) || err == nil && !holds(there, key) {
		return ErrKeyringCorrupt
	}
	return err
}

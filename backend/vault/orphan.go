package vault

import (
	"context"
	"errors"
)

// NotedItem is an item that a first run was about to write to a keyring.
type NotedItem struct{ Backend, Item string }

// Notes remember items of the keyring outside of it, so that one that a crash
// leaves there is found again. Each method joins the context's transaction or
// makes one.
type Notes interface {
	NoteItem(ctx context.Context, item NotedItem) error
	NotedItems(ctx context.Context) ([]NotedItem, error)
	// DropItemNote returns no error if there is none.
	DropItemNote(ctx context.Context, item string) error
}

// note remembers the item of a first run before it is written.
func (v *Vault) note(ctx context.Context, item NotedItem) error {
	if v.notes == nil {
		return nil
	}
	return v.notes.NoteItem(ctx, item)
}

func (v *Vault) dropNote(ctx context.Context, item string) error {
	if v.notes == nil {
		return nil
	}
	return v.notes.DropItemNote(ctx, item)
}

// removeOrphans removes what earlier first runs left in the keyring: a kill
// between the keyring and the transaction leaves an item that opens nothing. A
// key that the verifier proves stays. Errors are ignored; the next first run or
// opening tries again.
func (v *Vault) removeOrphans(ctx context.Context, stored wrappings) {
	if v.notes == nil {
		return
	}
	items, err := v.notes.NotedItems(ctx)
	if err != nil {
		return
	}
	for _, noted := range items {
		err := v.removeKeys(ctx, v.limit(), noted.Backend, noted.Item, func(key *dataKey) bool { return !stored.proves(key) })
		if errors.Is(err, ErrKeyringTimeOut) {
			return // the others would wait as long
		}
		if err == nil {
			_ = v.notes.DropItemNote(ctx, noted.Item)
		}
	}
}

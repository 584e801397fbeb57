package vault

import (
	"context"
	"errors"
)

// Unreadable returns the places of all secrets that do not open with the key in
// force: they were changed outside Keydesk, and have to be entered again. It
// returns vault.locked while the vault is closed.
func (v *Vault) Unreadable(ctx context.Context) ([]Location, error) {
	if !v.usable() {
		return nil, ErrLocked
	}
	rows, err := v.rows.AllSecrets(ctx)
	if err != nil {
		return nil, err
	}
	var places []Location
	for _, row := range rows {
		plain, err := v.opened(row)
		if err != nil {
			// Read again by itself: a change of the data key may have come in between.
			plain, _, err = v.get(ctx, row.OwnerKind, row.OwnerID, row.Slot)
		}
		clear(plain)
		switch {
		case errors.Is(err, ErrSecretDamaged):
			places = append(places, Location{row.OwnerKind, row.OwnerID, row.Slot})
		case err != nil:
			return nil, err
		}
	}
	return places, nil
}

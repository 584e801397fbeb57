package apikey

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// EditInput changes title and end, never what a key may do.
type EditInput struct {
	ID    string `json:"id" validate:"required,max=64"`
	Title string `json:"title" validate:"required,max=200"`
	// Expires is nil to keep the end.
	Expires *Term `json:"expires"`
	Version int   `json:"version"`
}

// IDInput names a key.
type IDInput struct {
	ID string `json:"id" validate:"required,max=64"`
}

// Operations that change keys. Disabling and revoking only take something away,
// so that nobody who may edit keys has to wait with a stolen one.
var (
	OpEdit    = access.Op[EditInput, Key]{Name: "apikey.edit", Does: "changed the API key", Mode: access.Write, Needs: []access.Permission{access.EditKey}, AsksHeld: true}
	OpDisable = access.Op[IDInput, Key]{Name: "apikey.disable", Does: "disabled the API key", Mode: access.Write, Needs: []access.Permission{access.EditKey}}
	OpEnable  = access.Op[IDInput, Key]{Name: "apikey.enable", Does: "enabled the API key", Mode: access.Write, Needs: []access.Permission{access.EditKey}, AsksHeld: true}
	OpRevoke  = access.Op[IDInput, Key]{Name: "apikey.revoke", Does: "revoked the API key", Mode: access.Write, Needs: []access.Permission{access.EditKey}}
	OpDelete  = access.Op[IDInput, Key]{Name: "apikey.delete", Does: "deleted the API key", Mode: access.Write, Needs: []access.Permission{access.DeleteKey}}
)

// Edit changes title and end. Faults: apikey.invalid, apikey.not_found,
// apikey.ended, user.beyond_you, store.stale.
func (s *Service) Edit(ctx context.Context, in EditInput) (Key, error) {
	before, err := s.live(ctx, in.ID)
	if err != nil {
		return Key{}, err
	}
	if err := s.requireHeld(ctx, before.Key); err != nil {
		return Key{}, err
	}
	after := before
	after.Version = in.Version
	var fields fault.Fields
	after.Title = cleanTitle(&fields, in.Title)
	if in.Expires != nil {
		zone, err := s.limits.Zone(ctx)
		if err != nil {
			return Key{}, err
		}
		after.ExpiresMs = in.Expires.endsAt(&fields, "expires", s.now(), zone)
	}
	if err := fields.Err("apikey.invalid"); err != nil {
		return Key{}, err
	}
	if in.Expires != nil {
		if err := s.requireAdmin(ctx, after.Key); err != nil {
			return Key{}, err
		}
	}
	return s.update(ctx, before, after)
}

// Disable stops a key until it is enabled again.
func (s *Service) Disable(ctx context.Context, in IDInput) (Key, error) {
	before, err := s.live(ctx, in.ID)
	if err != nil {
		return Key{}, err
	}
	after := before
	if after.DisabledMs == 0 {
		after.DisabledMs = s.now().UnixMilli()
	}
	access.From(ctx).Emit(access.KeyDisabled, after.ID, event(after.Key))
	return s.update(ctx, before, after)
}

// Enable lets a disabled key be used again. Faults: apikey.ended, user.beyond_you.
func (s *Service) Enable(ctx context.Context, in IDInput) (Key, error) {
	before, err := s.live(ctx, in.ID)
	if err != nil {
		return Key{}, err
	}
	if err := s.requireHeld(ctx, before.Key); err != nil {
		return Key{}, err
	}
	after := before
	after.DisabledMs = 0
	return s.update(ctx, before, after)
}

// Revoke ends a key for good. It stays in the list with its history.
func (s *Service) Revoke(ctx context.Context, in IDInput) (Key, error) {
	before, err := s.live(ctx, in.ID)
	if err != nil {
		return Key{}, err
	}
	after := before
	after.RevokedMs, after.EndedBy = s.now().UnixMilli(), access.From(ctx).Caller.Name
	access.From(ctx).Emit(access.KeyRevoked, after.ID, event(after.Key))
	return s.update(ctx, before, after)
}

// Delete ends a key and takes it off the list. Activity and Check a key still know
// it.
func (s *Service) Delete(ctx context.Context, in IDInput) (Key, error) {
	before, err := s.stored(ctx, in.ID)
	if err != nil {
		return Key{}, err
	}
	after := before
	after.DeletedMs = s.now().UnixMilli()
	if before.RevokedMs == 0 {
		after.RevokedMs, after.EndedBy = after.DeletedMs, access.From(ctx).Caller.Name
		access.From(ctx).Emit(access.KeyRevoked, after.ID, event(after.Key))
	}
	if before.Damaged { // never sealed again, and without its pepper it could not be
		after.RowMAC = []byte{}
	} else if after, err = s.sealRow(ctx, after); err != nil {
		return Key{}, err
	}
	if err := s.store.UpdateAPIKey(ctx, after); err != nil {
		return Key{}, err
	}
	after.Version++
	access.From(ctx).AfterCommit(func() { s.keep(after) })
	access.From(ctx).Changed(Kind, after.ID, after.Title, shown(before.Key), nil)
	return after.Key, nil
}

// stored reads a key that is not deleted.
func (s *Service) stored(ctx context.Context, id string) (Record, error) {
	record, err := s.store.APIKey(ctx, id)
	if err != nil {
		return Record{}, err
	}
	if record.DeletedMs > 0 {
		return Record{}, ErrNotFound
	}
	return record, s.judge(ctx, &record)
}

// live reads a key that can still be changed. A damaged row is never sealed
// again: that would make what another program wrote count.
func (s *Service) live(ctx context.Context, id string) (Record, error) {
	record, err := s.stored(ctx, id)
	switch {
	case err != nil:
		return Record{}, err
	case record.RevokedMs > 0:
		return Record{}, ErrEnded
	case record.Damaged:
		return Record{}, ErrDamaged
	}
	return record, nil
}

// ErrDamaged is returned for a key that can only be deleted.
var ErrDamaged = fault.New(fault.Conflict, "apikey.damaged", "This key can no longer be checked, so it is refused.").
	WithHint("Delete it and make a new one.")

// update writes a changed key and puts it into memory after the commit.
func (s *Service) update(ctx context.Context, before, after Record) (Key, error) {
	after, err := s.sealRow(ctx, after)
	if err != nil {
		return Key{}, err
	}
	if err := s.store.UpdateAPIKey(ctx, after); err != nil {
		return Key{}, err
	}
	after.Version++
	access.From(ctx).AfterCommit(func() { s.keep(after) })
	access.From(ctx).Changed(Kind, after.ID, after.Title, shown(before.Key), shown(after.Key))
	after.Status = after.statusAt(s.now())
	return after.Key, nil
}

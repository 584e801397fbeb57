package setup

import (
	"context"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// DeleteInfo is what the question before deleting says.
type DeleteInfo struct {
	Title string `json:"title"`
	// Calls is how many calls stay in the history.
	Calls int `json:"calls"`
	// FallbackID and Fallback name the setup that applies afterwards (R10);
	// empty when there is none.
	FallbackID string `json:"fallback_id"`
	Fallback   string `json:"fallback"`
	Place      string `json:"place"`
	Stage      string `json:"stage"`
}

// Operations that delete and bring back.
var (
	OpDeleteInfo = access.Op[IDInput, DeleteInfo]{Name: "setup.delete_info", Does: "looked at what deleting the API Key Setup means", Mode: access.Read, Needs: []access.Permission{access.DeleteSetup}}
	OpDelete     = access.Op[IDInput, Setup]{Name: "setup.delete", Does: "deleted the API Key Setup", Mode: access.Write, Needs: []access.Permission{access.DeleteSetup}}
	OpRestore    = access.Op[IDInput, Setup]{Name: "setup.restore", Does: "restored the API Key Setup", Mode: access.Write, Needs: []access.Permission{access.DeleteSetup}}
)

// DeleteInfo tells what deleting would leave behind (A54).
func (s *Service) DeleteInfo(ctx context.Context, in IDInput) (DeleteInfo, error) {
	one, err := s.store.Setup(ctx, in.ID)
	if err != nil {
		return DeleteInfo{}, err
	}
	info := DeleteInfo{Title: one.Title, Stage: one.Stage}
	if n := len(one.Places); n > 0 {
		info.Place = one.Places[n-1]
	}
	if info.Calls, err = s.store.CallCount(ctx, in.ID); err != nil {
		return DeleteInfo{}, err
	}
	at, err := s.places.At(ctx, one.Draft.PlaceID, "")
	if err != nil {
		return DeleteInfo{}, err
	}
	ids := make([]string, len(at.Path))
	for i, place := range at.Path {
		ids[i] = place.ID
	}
	candidates, err := s.store.Candidates(ctx, ids, one.Draft.Channel)
	if err != nil {
		return DeleteInfo{}, err
	}
	others := candidates[:0]
	for _, c := range candidates {
		if c.ID != in.ID {
			others = append(others, c)
		}
	}
	if winner, _ := resolve(ids, one.Draft.StageID, others); winner != "" {
		other, err := s.store.Setup(ctx, winner)
		if err != nil {
			return DeleteInfo{}, err
		}
		info.FallbackID, info.Fallback = other.ID, other.Title
	}
	return info, nil
}

// Delete takes a setup out of use; for 30 days it can be restored, secrets
// included.
func (s *Service) Delete(ctx context.Context, in IDInput) (Setup, error) {
	one, err := s.store.Setup(ctx, in.ID)
	if err != nil {
		return Setup{}, err
	}
	if one.DeletedMs > 0 {
		return Setup{}, ErrNotFound
	}
	one.DeletedMs = s.now().UnixMilli()
	if err := s.store.SetSetupDeleted(ctx, in.ID, one.DeletedMs); err != nil {
		return Setup{}, err
	}
	note(ctx, access.SetupDeleted, one, one.Draft.recorded(), nil)
	return one, nil
}

var errPlaceGone = fault.New(fault.Conflict, "setup.place_gone", "The place or stage of this setup is gone, so it cannot be restored.").
	WithHint("Make a new setup at another place.")

// Restore brings a deleted setup back, unless its place is gone or taken.
func (s *Service) Restore(ctx context.Context, in IDInput) (Setup, error) {
	one, err := s.store.Setup(ctx, in.ID)
	if err != nil {
		return Setup{}, err
	}
	if one.DeletedMs == 0 {
		return Setup{}, ErrNotFound.WithMessage("This setup is not deleted.")
	}
	if err := one.refuseDamaged(); err != nil {
		return Setup{}, err
	}
	if _, err := s.places.At(ctx, one.Draft.PlaceID, one.Draft.StageID); err != nil {
		return Setup{}, errPlaceGone
	}
	if err := s.checkUnique(ctx, one); err != nil {
		return Setup{}, err
	}
	if err := s.store.SetSetupDeleted(ctx, in.ID, 0); err != nil {
		return Setup{}, err
	}
	one.DeletedMs = 0
	note(ctx, access.SetupCreated, one, nil, one.Draft.recorded())
	return one, nil
}

// Purged tells how many setups were removed permanently.
type Purged struct {
	Count int `json:"count"`
}

// OpPurge is run by the program itself.
var OpPurge = access.Op[struct{}, Purged]{Name: "setup.purge", Does: "removed the deleted API Key Setup", Mode: access.Write, System: true}

// Purge removes setups deleted more than 30 days ago and destroys their
// secrets.
func (s *Service) Purge(ctx context.Context, _ struct{}) (Purged, error) {
	ids, err := s.store.SetupsDeletedBefore(ctx, s.now().Add(-keepDeleted).UnixMilli())
	if err != nil {
		return Purged{}, err
	}
	for _, id := range ids {
		if err := s.Destroy(ctx, id, func(title string) string { return title }); err != nil {
			return Purged{}, err
		}
	}
	return Purged{Count: len(ids)}, nil
}

// Destroy removes a deleted setup permanently, and its secrets with it, in the
// context's transaction. name makes what activity calls it from its title.
func (s *Service) Destroy(ctx context.Context, id string, name func(title string) string) error {
	one, err := s.store.Setup(ctx, id)
	if err != nil {
		return err
	}
	if one.DeletedMs == 0 {
		return ErrNotFound.WithMessage("This setup is not deleted.")
	}
	if err := s.secrets.DeleteOwner(ctx, Kind, id); err != nil {
		return err
	}
	if err := s.store.RemoveSetup(ctx, id); err != nil {
		return err
	}
	access.From(ctx).Changed(Kind, id, name(one.Title), map[string]string{"deleted": time.UnixMilli(one.DeletedMs).UTC().Format(time.RFC3339)}, nil)
	return nil
}

package process

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"keydesk/backend/access"
)

// CreatePlaceInput makes a Process (no parent), Sub Process or Sub Sub
// Process.
type CreatePlaceInput struct {
	ParentID string `json:"parent_id"`
	Name     string `json:"name" validate:"required"`
}

// Operations on places.
var (
	OpCreatePlace = access.Op[CreatePlaceInput, Node]{Name: "process.create_place", Does: "added the process", Needs: []access.Permission{access.CreateProcess}, Mode: access.Write}
	OpRenamePlace = access.Op[RenameInput, Node]{Name: "process.rename_place", Does: "renamed the process", Needs: []access.Permission{access.EditProcess}, Mode: access.Write}
	OpDeletePlace = access.Op[DeleteInput, Deleted]{Name: "process.delete_place", Does: "deleted the process", Needs: []access.Permission{access.DeleteProcess}, Mode: access.Write}
)

// nodeRecord is what activity shows of a place.
type nodeRecord struct {
	Path string `json:"path"`
	Code string `json:"code"`
}

// deletedNode is what activity shows of a place that was deleted with
// everything beneath it.
type deletedNode struct {
	nodeRecord
	Places []string `json:"places"`
	Stages []string `json:"stages"`
	Fields int      `json:"fields"`
}

// CreatePlace adds a place under its parent (A08, A10). Faults:
// process.invalid, ErrNameTaken, ErrPlaceGone, ErrTooDeep.
func (s *Service) CreatePlace(ctx context.Context, in CreatePlaceInput) (Node, error) {
	name, err := nameOrFault(in.Name)
	if err != nil {
		return Node{}, err
	}
	path := ""
	place := Node{ID: newID(), ParentID: in.ParentID, Level: 1, Name: name, Version: 1}
	if in.ParentID != "" {
		parent, err := s.store.NodeByID(ctx, in.ParentID)
		if err != nil {
			return Node{}, parentGone(err)
		}
		if parent.Level == 3 {
			return Node{}, ErrTooDeep
		}
		place.Level = parent.Level + 1
		if path, err = s.pathName(ctx, parent.ID); err != nil {
			return Node{}, err
		}
		path += " / "
	}
	places, err := s.store.Nodes(ctx)
	if err != nil {
		return Node{}, err
	}
	codes := map[string]bool{}
	for _, other := range places {
		if other.ParentID == place.ParentID {
			codes[other.Code] = true
		}
	}
	place.Code = freeCode(name, "place", func(code string) bool { return codes[code] })
	if err := s.store.InsertNode(ctx, place); err != nil {
		return Node{}, err
	}
	path += name
	access.From(ctx).Changed("place", place.ID, path, nil, nodeRecord{Path: path, Code: place.Code})
	return place, nil
}

// RenamePlace renames a place; its code stays, and every setup at or below is
// found by the new name at once (A09). Faults: process.invalid, ErrNameTaken,
// ErrPlaceGone, ErrStale.
func (s *Service) RenamePlace(ctx context.Context, in RenameInput) (Node, error) {
	name, err := nameOrFault(in.Name)
	if err != nil {
		return Node{}, err
	}
	place, err := s.store.NodeByID(ctx, in.ID)
	if err != nil {
		return Node{}, err
	}
	before, err := s.pathName(ctx, place.ID)
	if err != nil {
		return Node{}, err
	}
	if err := s.store.RenameNode(ctx, place.ID, name, in.Version); err != nil {
		return Node{}, err
	}
	after := strings.TrimSuffix(before, place.Name) + name
	access.From(ctx).Changed("place", place.ID, after,
		nodeRecord{Path: before, Code: place.Code}, nodeRecord{Path: after, Code: place.Code})
	place.Name, place.Version = name, in.Version+1
	return place, nil
}

// DeletePlace removes a place with everything beneath it, unless a setup uses
// any of it (A09, A10). Faults: ErrPlaceGone, ErrStale, ErrInUse with links to
// the setups.
func (s *Service) DeletePlace(ctx context.Context, in DeleteInput) (Deleted, error) {
	place, err := s.store.NodeByID(ctx, in.ID)
	if err != nil {
		return Deleted{}, err
	}
	if place.Version != in.Version {
		return Deleted{}, ErrStale
	}
	below, err := s.store.NodesAtOrBelow(ctx, place.ID)
	if err != nil {
		return Deleted{}, err
	}
	fields, err := s.store.FieldsAtOrBelow(ctx, place.ID)
	if err != nil {
		return Deleted{}, err
	}
	users, err := s.store.SetupsAtOrBelow(ctx, place.ID)
	if err != nil {
		return Deleted{}, err
	}
	above, err := s.usersOfLost(ctx, place.ParentID, fields)
	if err != nil {
		return Deleted{}, err
	}
	if err := refuseInUse(place.Name, append(users, above...)); err != nil {
		return Deleted{}, err
	}
	path, err := s.pathName(ctx, place.ID)
	if err != nil {
		return Deleted{}, err
	}
	gone := deletedNode{nodeRecord: nodeRecord{Path: path, Code: place.Code}, Places: []string{}, Stages: []string{}, Fields: len(fields)}
	for _, one := range below {
		if one.ID != place.ID {
			gone.Places = append(gone.Places, one.Name)
		}
		stages, err := s.store.StagesAt(ctx, one.ID)
		if err != nil {
			return Deleted{}, err
		}
		for _, stage := range stages {
			gone.Stages = append(gone.Stages, stage.Name)
		}
	}
	if err := s.store.DeleteNode(ctx, place.ID); err != nil {
		return Deleted{}, err
	}
	access.From(ctx).Changed("place", place.ID, path, gone, nil)
	return Deleted{Places: len(below), Stages: len(gone.Stages), Fields: len(fields)}, nil
}

// pathName returns a path such as "Orders / Delivery".
func (s *Service) pathName(ctx context.Context, placeID string) (string, error) {
	path, err := s.Path(ctx, placeID)
	if err != nil {
		return "", err
	}
	names := make([]string, len(path))
	for i, place := range path {
		names[i] = place.Name
	}
	return strings.Join(names, " / "), nil
}

// parentGone says at the parent's field that the parent no longer exists.
func parentGone(err error) error {
	if errors.Is(err, ErrPlaceGone) {
		return ErrPlaceGone.WithField("parent_id", "Choose a place that is still there.")
	}
	return err
}

// newID is a UUIDv7, which sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

package setup

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/secret"
	"keydesk/backend/slot"
)

// DescribeInput names secrets of which nothing is known yet.
type DescribeInput struct {
	Locations []secret.Location
}

// Described says how many were described.
type Described struct {
	Count int `json:"count"`
}

// OpDescribe is run by the program itself.
var OpDescribe = access.Op[DescribeInput, Described]{Name: "setup.describe", Does: "noted what has to be known of stored secrets", Mode: access.Write, System: true}

// Describe keeps beside secrets what has to be known of them without opening
// them again. Earlier versions of Keydesk did not.
func (s *Service) Describe(ctx context.Context, in DescribeInput) (Described, error) {
	for _, at := range in.Locations {
		about := func(text secret.Text) string { return slot.About(at.Slot, text) }
		if err := s.secrets.Describe(ctx, at, about); err != nil {
			return Described{}, err
		}
	}
	return Described{Count: len(in.Locations)}, nil
}

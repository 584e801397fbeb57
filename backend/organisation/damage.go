package organisation

import (
	"context"

	"keydesk/backend/access"
)

// OpNoteDamage is run by the program itself when its weekly check found damage.
var OpNoteDamage = access.Op[Nothing, Nothing]{Name: "organisation.note_damage", Does: "checked the data file and found damage in", Mode: access.Write, System: true}

// NoteDamage puts into the activity that the data file is damaged, where people
// see it.
func (s *Service) NoteDamage(ctx context.Context, _ Nothing) (Nothing, error) {
	current, err := s.Current(ctx)
	if err != nil {
		return Nothing{}, err
	}
	access.From(ctx).Changed("organisation", "1", current.Name, nil, map[string]string{"data_file": "damaged"})
	return Nothing{}, nil
}

package process

import "context"

// maxLinks is how many setups a refusal links to.
const maxLinks = 20

// refuseInUse is ErrInUse with links to the setups that are not deleted, or
// nil when there are none: deleted setups block nothing (RULES.md, Processes).
func refuseInUse(name string, users []SetupUse) error {
	refusal := ErrInUse
	seen := map[string]bool{}
	for _, user := range users {
		if user.Deleted || seen[user.ID] {
			continue
		}
		seen[user.ID] = true
		if len(seen) <= maxLinks {
			refusal = refusal.WithLink("setup", user.ID, user.Name)
		}
	}
	switch len(seen) {
	case 0:
		return nil
	case 1:
		return refusal.WithMessage("“%s” is used by a setup, so it was not deleted.", name).
			WithHint("Change or delete that setup first.")
	}
	return refusal.WithMessage("“%s” is used by %d setups, so it was not deleted.", name, len(seen)).
		WithHint("Change or delete those setups first.")
}

// usersOfLost finds the setups for every stage here, at a place or above it,
// that would lose a field: one of their rows takes it by name, and without
// these fields no other stage in their reach supplies it (R2). An empty placeID
// is above level 1, where there are none.
func (s *Service) usersOfLost(ctx context.Context, placeID string, lost []Field) ([]SetupUse, error) {
	if placeID == "" || len(lost) == 0 {
		return nil, nil
	}
	isLost := map[string]bool{}
	for _, field := range lost {
		isLost[field.ID] = true
	}
	path, err := s.Path(ctx, placeID)
	if err != nil {
		return nil, err
	}
	var users []SetupUse
	for _, place := range path {
		setups, err := s.store.WholePlaceSetups(ctx, place.ID)
		if err != nil {
			return nil, err
		}
		if len(setups) == 0 {
			continue
		}
		reach, err := s.store.FieldsAtOrBelow(ctx, place.ID)
		if err != nil {
			return nil, err
		}
		missing := map[string]bool{}
		for _, field := range lost {
			missing[fold(field.Name)] = true
		}
		for _, field := range reach {
			if !isLost[field.ID] {
				delete(missing, fold(field.Name))
			}
		}
		for _, setup := range setups {
			if takesAny(setup, missing) {
				users = append(users, setup)
			}
		}
	}
	return users, nil
}

// usersOfField finds every setup, deleted ones too, whose rows take this
// field: those at its stage, and those for every stage that have it from
// nowhere else.
func (s *Service) usersOfField(ctx context.Context, field Field, placeID string) ([]SetupUse, error) {
	atStage, err := s.store.SetupsAtStage(ctx, field.StageID)
	if err != nil {
		return nil, err
	}
	var users []SetupUse
	for _, setup := range atStage {
		if takesAny(setup, map[string]bool{fold(field.Name): true}) {
			users = append(users, setup)
		}
	}
	above, err := s.usersOfLost(ctx, placeID, []Field{field})
	return append(users, above...), err
}

// takesAny reports whether a setup's rows take a field of one of these folded
// names.
func takesAny(setup SetupUse, names map[string]bool) bool {
	for _, field := range setup.Fields {
		if names[fold(field)] {
			return true
		}
	}
	return false
}

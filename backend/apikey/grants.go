package apikey

import (
	"context"
	"slices"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Limits of what a key may do.
const (
	mostPlaces  = 100
	mostSources = 50
)

// checkGrants returns the grants in one order, without repeats.
func (s *Service) checkGrants(ctx context.Context, fields *fault.Fields, in CreateInput) Grants {
	g := in.Grants
	if in.FullAccess {
		g.Scopes = access.AnyScope()
	}
	g.Scopes = inOrder(g.Scopes, access.AnyScope())
	switch {
	case len(in.Grants.Scopes) == 0 && !in.FullAccess:
		fields.Add("grants.scopes", "Choose what the key may do.")
	case !in.FullAccess && len(g.Scopes) < len(unique(in.Grants.Scopes)):
		fields.Add("grants.scopes", "One of these scopes is not known.")
	}
	g.Places, g.Channels, g.Sources = unique(g.Places), unique(g.Channels), unique(g.Sources)
	if len(g.Places) > mostPlaces {
		fields.Add("grants.places", "Choose at most %d processes.", mostPlaces)
	} else {
		for _, id := range g.Places {
			if _, err := s.places.PathOf(ctx, id); err != nil {
				fields.Add("grants.places", "One of these processes is no longer there.")
				break
			}
		}
	}
	for _, one := range g.Channels {
		if !slices.Contains(channels, one) {
			fields.Add("grants.channels", "Choose SMS, WhatsApp Business or Email.")
			break
		}
	}
	if len(g.Sources) > mostSources {
		fields.Add("grants.sources", "List at most %d addresses.", mostSources)
	}
	for i, text := range g.Sources {
		text = strings.TrimSpace(text)
		g.Sources[i] = text
		if _, err := parseSource(text); err != nil {
			fields.Add("grants.sources", "%q is neither an address such as 192.168.1.20 nor a network such as 192.168.1.0/24.", text)
			break
		}
	}
	if g.LivePerDay < 0 || g.LivePerDay > 1_000_000 {
		fields.Add("grants.live_per_day", "Enter a number from 0 to 1,000,000; 0 is no limit.")
	}
	if g.PerMinute < 0 || g.PerMinute > 100_000 {
		fields.Add("grants.per_minute", "Enter a number from 0 to 100,000; 0 is the office's limit.")
	}
	return g
}

// channels are those of setups.
var channels = []string{"sms", "whatsapp_business", "email"}

func unique[T comparable](list []T) []T {
	clean := make([]T, 0, len(list))
	for _, one := range list {
		if !slices.Contains(clean, one) {
			clean = append(clean, one)
		}
	}
	return clean
}

// inOrder returns the known ones in the order of all.
func inOrder[T comparable](list, all []T) []T {
	clean := make([]T, 0, len(list))
	for _, one := range all {
		if slices.Contains(list, one) {
			clean = append(clean, one)
		}
	}
	return clean
}

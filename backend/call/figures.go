package call

import (
	"context"
	"time"
)

// DayCount is how many calls of one mode ended how, on one day of the office.
type DayCount struct {
	// Day is YYYY-MM-DD in the office's time zone.
	Day  string `json:"day"`
	Mode Mode   `json:"mode"`
	Verdicts
}

// count adds calls that are done to the figures, in the transaction that keeps them:
// what is counted and what is kept are the same after a kill (H07). The day is that of
// the call, in the office's time zone of now.
func (s *Service) count(ctx context.Context, done ...Call) error {
	env, err := s.env(ctx)
	if err != nil {
		return err
	}
	var days []DayCount
	at := map[DayCount]int{}
	for _, one := range done {
		key := DayCount{Day: time.UnixMilli(one.AtMs).In(env.Location).Format(time.DateOnly), Mode: one.Mode}
		if one.Mode == Live && one.SetupID != "" {
			if err := s.store.CountStage(ctx, key.Day[:len("2006-01")], one.SetupID); err != nil {
				return err
			}
		}
		i, known := at[key]
		if !known {
			i = len(days)
			at[key] = i
			days = append(days, key)
		}
		days[i].add(one.Verdict)
	}
	for _, day := range days {
		if err := s.store.CountDay(ctx, day); err != nil {
			return err
		}
	}
	return nil
}

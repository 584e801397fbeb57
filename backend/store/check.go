package store

import (
	"context"
	"os"
	"time"
)

// checkEvery is how often the whole database is checked.
const checkEvery = 7 * 24 * time.Hour

// checkedPath is a file that was changed when the whole database was last found
// undamaged.
func (s *Store) checkedPath() string { return s.path + ".checked" }

// CheckWeekly reads the whole database, by a reader, if that was not done for a
// week, and gives ErrCorrupt where it is damaged. The check after an unclean stop
// is quicker and does not compare indexes with their tables.
func (s *Store) CheckWeekly(ctx context.Context, now time.Time) error {
	if info, err := os.Stat(s.checkedPath()); err == nil {
		if passed := now.Sub(info.ModTime()); passed >= 0 && passed < checkEvery {
			return nil
		}
	}
	if s.read == nil {
		return ErrUnreachable
	}
	if err := fullCheck(ctx, s.read); err != nil {
		return translate(err)
	}
	if err := os.WriteFile(s.checkedPath(), nil, 0o600); err != nil {
		return unwritten(err)
	}
	return unwritten(os.Chtimes(s.checkedPath(), now, now))
}

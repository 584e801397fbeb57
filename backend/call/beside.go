package call

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// beside gives turns to what a run does beside its firing: reading ahead,
// redacting, writing history. One step at a time: with more of them the
// goroutines of the connection would wait for a free processor, and each call
// would take twice as long (measured with two of them).
type beside struct{ mu sync.Mutex }

// step runs a short step when it is its turn. The gate sees a panic only in the
// operation's own goroutine, so here it becomes an error.
func (b *beside) step(do func()) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	do()
	return nil
}

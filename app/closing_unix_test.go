//go:build unix

package app

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// A signal ends the program also while the question is open, whichever of the two
// is first.
func TestASignalTakesTheQuestionBack(t *testing.T) {
	on := true
	a := closable(t, &on)
	stop := a.closing.endWithSignals()
	if !a.closing.holds() {
		t.Fatal("it does not ask")
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); a.closing.holds(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 5*time.Second {
			t.Fatal("the signal was not heard")
		}
	}
	stop()
}

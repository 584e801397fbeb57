package user_test

import (
	"testing"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// A55: a refusal for too many wrong passwords has the wait as data, so that
// nothing has to parse the sentence.
func TestTheWaitIsData(t *testing.T) {
	o := newOffice(t)
	for range 5 {
		_, _ = o.signIn(ctx, user.SignInInput{Name: "ada", Password: secret.New(wrongPassword)})
	}
	o.clock.now = o.clock.now.Add(500 * time.Millisecond)
	_, err := o.signIn(ctx, user.SignInInput{Name: "ada", Password: secret.New(wrongPassword)})
	if told := fault.From(err); told.Code != "user.wait" || told.RetryAfterMs != 1500 {
		t.Errorf("it says %d ms: %v", told.RetryAfterMs, told)
	}
}

package httpclient

import "keydesk/backend/fault"

// ErrTokenForgotten says that the secrets were locked while a call waited for its
// token.
var ErrTokenForgotten = fault.New(fault.Unavailable, "fire.token_forgotten", "The secrets were locked meanwhile, so no token was used.").
	WithHint("Unlock them and try again.")

// Forget drops every token and ends the fetches that run: what they bring is
// given to nobody. A call that began before gets no token from here on. It runs
// when the secrets are locked.
func (t *Tokens) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgets++
	for _, entry := range t.kept {
		if entry.current != nil {
			entry.current.forgot = true
			entry.current.cancel()
			entry.current = nil
		}
	}
	clear(t.kept)
}

// forgotten returns how often everything was forgotten.
func (t *Tokens) forgotten() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.forgets
}

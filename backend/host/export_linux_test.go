package host

// AsAnotherUser makes every program at the other end of control.sock one of
// another user.
func AsAnotherUser() (undo func()) {
	was := ourUser
	ourUser = func() int { return was() + 1 }
	return func() { ourUser = was }
}

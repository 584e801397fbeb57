package host

// AsAnotherUser makes every program at the other end of control.sock one of
// another user.
func AsAnotherUser() (undo func()) {
	otherUser.Add(1)
	return func() { otherUser.Add(-1) }
}

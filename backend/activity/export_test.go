package activity

// Canonical returns the bytes of the old format, to make old trails in tests.
func (e OldEntry) Canonical() []byte { return e.canonical() }

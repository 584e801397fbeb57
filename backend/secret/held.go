package secret

// Held is a secret that is stored, as far as it is known without opening it.
type Held struct {
	// About is what its owner keeps beside it in the clear; "" for nothing.
	About string
	// Damaged says that it was found not to open: it has to be typed again.
	Damaged bool
}

// Location is where a secret is stored: in a slot of its owner.
type Location struct{ OwnerKind, OwnerID, Slot string }

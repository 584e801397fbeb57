package vault

// Protection says what keeps the data key.
type Protection string

// The two protections; the recovery code exists with either.
const (
	ByKeyring    Protection = "keyring"
	ByPassphrase Protection = "passphrase"
)

// State is what the window shows about the secrets. It holds no secret.
type State struct {
	// Open is true if secrets can be read and written now.
	Open bool `json:"open"`
	// Made is true if this office has a data key at all; false before first
	// run, and before the first Open after program start.
	Made bool `json:"made"`
	// Protection is empty while not Made.
	Protection Protection `json:"protection"`
	// Keyring is the keyring's name for a person, as in "GNOME Keyring".
	Keyring string `json:"keyring"`
	// Reason says why the vault is not open, and is ok while it is. It can be
	// other than ok on an open vault if the key could not be put back into the
	// keyring.
	Reason Status `json:"reason"`
	// Unreadable is how many secrets did not open when the data key was changed,
	// since the program started. They have to be entered again.
	Unreadable int `json:"unreadable"`
	// Message is one sentence; Hint says what to try.
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// State returns the state of the vault. It does no I/O.
func (v *Vault) State() State {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.state
}

func (v *Vault) setState(state State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state = state
}

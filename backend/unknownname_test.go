package backend_test

import (
	"testing"

	"keydesk/backend"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// G15, Sign-in (RULES.md): after a restart a name that nobody has still waits, as
// a user does. A damaged key of these names only makes them begin again.
func TestUnknownNamesWaitAfterARestart(t *testing.T) {
	for name, damage := range map[string]string{
		"whole":   "",
		"damaged": "UPDATE secret SET sealed = zeroblob(40) WHERE slot = 'unknown_names'",
		"gone":    "DELETE FROM secret WHERE slot = 'unknown_names'",
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			b := opened(t, folder, nil)
			firstRun(t, b)
			wrong := func(b *backend.Backend, name string) string {
				_, err := b.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: name, Password: secret.New("not-the-password")})
				return codeOf(err)
			}
			names := []string{adminName, "nobody-has-this"}
			until := func(b *backend.Backend, name string) (free int) {
				for ; wrong(b, name) == "user.wrong_sign_in"; free++ {
					if free > 10 {
						t.Fatalf("%s never waits", name)
					}
				}
				return free
			}
			for _, name := range names {
				if free := until(b, name); free != 5 {
					t.Errorf("%s: %d tries were free", name, free)
				}
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			if damage != "" {
				touched, err := openRaw(t, folder).Exec(damage)
				if err != nil {
					t.Fatal(err)
				}
				if n, _ := touched.RowsAffected(); n != 1 {
					t.Fatalf("%d rows were damaged; this test proves nothing", n)
				}
			}
			b = opened(t, folder, nil)
			if err := b.Vault.OpenWithPassphrase(t.Context(), secret.New(passphrase)); err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				want := 0
				if damage != "" && name != adminName {
					want = 5
				}
				if free := until(b, name); free != want {
					t.Errorf("after a restart %s has %d free tries, want %d", name, free, want)
				}
			}
		})
	}
}

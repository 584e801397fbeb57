package user_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// A07: length and common passwords matter, composition does not.
func TestPasswordRules(t *testing.T) {
	refused := []string{
		"", "short", "elevenchars", strings.Repeat("ab3", 43), // under 12, over 128
		"password1234", "Password1234", "P@ssw0rd1234", "PASSWORDPASSWORD", "!!password1234!!", "qwerty123456!", "welcome@2025",
		"correct horse battery staple", "CorrectHorseBatteryStaple", "iloveyousomuch", "administrator", "unbelievable",
		"aaaaaaaaaaaa", "ééééééééééééé", "            ",
		"123456789012", "098765432109", "abcdefghijkl", "zyxwvutsrqpo", "qwertyuiopas", "QwertyuiopAsdf", "poiuytrewqlk",
		"1qaz2wsx3edc", "1q2w3e4r5t6y", "aaaabbbbcccc", "abcd1234efgh", "111122223333",
		"xk9xk9xk9xk9", "otter7otter7", "Zq!Zq!Zq!Zq!Z", "abababababab",
		"keydesk12345", "KeyDesk-2026!", "keydeskkeydesk", "K3yd3sk!!!!!", "annabelle2026", "Annabelle!!!!", "Bright Horses 1", "brighthorses99", "horses-bright-1", "annabelle-keydesk",
	}
	for _, password := range refused {
		told := fault.From(user.CheckPassword(secret.New(password), "annabelle", "Bright Horses"))
		if told == nil {
			t.Errorf("%q was accepted", password)
			continue
		}
		if told.Code != "user.weak_password" || len(told.Fields) != 1 || told.Fields[0].Name != "password" {
			t.Errorf("%q: %+v", password, told)
		}
		if password != "" && strings.Contains(told.Error()+told.Hint, password) {
			t.Errorf("%q is in the message", password)
		}
	}
	taken := []string{
		"plain otter lamp", "all lower case only", "ALL UPPER CASE ONLY", "8203759164862", "ключ от старого дома", "pförtnerhaus am see",
		"🙂 tea at four 🙂 rain", strings.Repeat("violet rain ", 10) + "12345678", "annabelle rides a blue whale", "keydesk is where I sit all day",
		"tr0ub4dor&3xyz", "twelve chars", "Kp7 vR2m xW9q",
	}
	for _, password := range taken {
		if err := user.CheckPassword(secret.New(password), "annabelle", "Bright Horses"); err != nil {
			t.Errorf("%q was refused: %v", password, err)
		}
	}
	// Names of one or two letters do not count.
	if err := user.CheckPassword(secret.New("plain otter lamp"), "p", ""); err != nil {
		t.Error(err)
	}
}

// A07: every line of the bundled list is refused, and it holds what it should.
func TestTheListOfCommonPasswords(t *testing.T) {
	text, err := os.ReadFile("common.txt")
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) < 1000 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) < 12 {
			t.Errorf("%q is too short to matter", line)
		}
		if user.CheckPassword(secret.New(line), "", "") == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}

// A07: 128 characters, composed, in any script, sign in; the same letter typed
// in two ways is the same letter.
func TestLongAndComposedPasswordsSignIn(t *testing.T) {
	o := newOffice(t)
	long := strings.Repeat("blaue Öfen 7 ", 9) + "elf Zwerge."
	if utf8.RuneCountInString(long) != 128 {
		t.Fatalf("%d characters", utf8.RuneCountInString(long))
	}
	_, err := o.ready(ctx, user.CreateInput{Name: "bob", Password: secret.New(long), RoleIDs: []string{user.Viewer}})
	must(t, err)
	w := o.another(cheap)
	w.enter(t, "bob", strings.ReplaceAll(long, "Ö", "O\u0308"))
	_, err = w.signIn(ctx, user.SignInInput{Name: "bob", Password: secret.New(long[:len(long)-1])})
	refusedAs(t, err, "user.wrong_sign_in")
}

// A07: the stored hash is not the password: Argon2id as a PHC string, with its
// own salt.
func TestTheStoredHashIsNotThePassword(t *testing.T) {
	o := newOffice(t)
	bob, eve := o.add("bob", user.Viewer), o.add("eve", user.Viewer)
	one, two := o.record(bob.ID).PasswordHash, o.record(eve.ID).PasswordHash
	if one == two {
		t.Fatal("two users with one password have one hash")
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=64,t=1,p=1$") || strings.Count(one, "$") != 5 || strings.Contains(one, otherPassword) {
		t.Fatalf("hash %s", one)
	}
}

// A07: never below 64 MiB, 3 passes, 4 threads.
func TestTheFloorOfHashing(t *testing.T) {
	o := emptyOffice(t, user.Params{})
	ada, err := o.first(ctx, user.FirstInput{Name: "ada", Password: secret.New(adaPassword)})
	must(t, err)
	if hash := o.record(ada.ID).PasswordHash; !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Fatalf("hash %s", hash)
	}
}

// A07: calibration raises the passes until one hash takes 100 to 300 ms.
func TestCalibrate(t *testing.T) {
	for _, one := range []struct {
		pass time.Duration
		want uint32
	}{
		{8 * time.Millisecond, 13},  // a quick machine: 13 passes are 104 ms
		{30 * time.Millisecond, 4},  // 120 ms
		{40 * time.Millisecond, 3},  // 120 ms at the floor
		{400 * time.Millisecond, 3}, // a slow one stays at the floor
		{10 * time.Microsecond, 64}, // no end in sight: bounded
		{33 * time.Millisecond, 4},  // 99 ms is too little
		{99 * time.Millisecond, 3},  // 297 ms
		{101 * time.Millisecond, 3}, // 303 ms at the floor: never below
	} {
		got := user.Calibrate(func(p user.Params) time.Duration { return time.Duration(p.Time) * one.pass })
		if got.Time != one.want || got.MemoryKiB != 64*1024 || got.Threads != 4 {
			t.Errorf("%v a pass: %+v, want %d passes", one.pass, got, one.want)
		}
	}
}

// A07: a stored hash with impossible costs is refused and takes no memory.
func TestADamagedHashIsRefused(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	for _, hash := range []string{
		"", otherPassword, "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAA", "$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHRzYWx0$AAAA",
		"$argon2id$v=19$m=64,t=1,p=1$$", "$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHRzYWx0$" + strings.Repeat("A", 43),
	} {
		must(t, o.store.InTx(ctx, func(ctx context.Context) error { return o.store.SetUserPassword(ctx, bob.ID, hash, false) }))
		w := o.another(cheap)
		if _, err := w.signIn(ctx, user.SignInInput{Name: "bob", Password: secret.New(otherPassword)}); err == nil {
			t.Errorf("%q let in", hash)
		}
		if session, _ := w.session(ctx, user.Nothing{}); session.SignedIn {
			t.Errorf("%q signed in", hash)
		}
	}
}

// A07: no password is in any row, log, record or error.
func TestNoPasswordLeaks(t *testing.T) {
	o := newOffice(t)
	bob := o.add("bob", user.Viewer)
	said := []error{}
	note := func(_ any, err error) { said = append(said, err) }
	note(o.reset(ctx, user.ResetPasswordInput{ID: bob.ID, Password: secret.New(newPassword)}))
	note(o.signIn(ctx, wrong("ada")))
	note(o.signIn(ctx, wrong("nobody")))
	note(o.confirm(ctx, user.PasswordInput{Password: secret.New(wrongPassword)}))
	note(o.change(ctx, changeTo(wrongPassword, newPassword)))
	note(o.change(ctx, changeTo(adaPassword, adaPassword)))
	note(o.change(ctx, changeTo(adaPassword, newPassword)))
	note(o.forgot(ctx, forgotten("ada", "wrong"+recoveryCode, newPassword)))
	note(o.forgot(ctx, forgotten("ada", recoveryCode, adaPassword)))
	note(o.create(ctx, user.CreateInput{Name: "bob", Password: secret.New(otherPassword), RoleIDs: []string{user.Viewer}}))
	users, err := o.list(ctx, user.ListInput{})
	must(t, err)

	places := map[string]string{"the log": o.log.String(), "the trail": o.trail.all(t)}
	for _, err := range said {
		if err != nil {
			places["errors"] += err.Error() + fault.From(err).Hint + "\n"
		}
	}
	for _, u := range users {
		places["the list"] += strings.Join([]string{u.ID, u.Name, u.FullName}, " ")
	}
	files, err := filepath.Glob(o.store.Path() + "*")
	must(t, err)
	if len(files) < 2 {
		t.Fatalf("only %v to search", files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		places[file] = string(text)
	}
	if !strings.Contains(places["errors"], "user.wrong") || !strings.Contains(places["the trail"], "bob") {
		t.Fatal("the search looked at nothing")
	}
	for place, text := range places {
		for _, password := range []string{adaPassword, otherPassword, newPassword, wrongPassword, recoveryCode} {
			if strings.Contains(text, password) {
				t.Errorf("%q is in %s", password, place)
			}
		}
	}
	for _, place := range []string{"the log", "the trail", "the list", "errors"} {
		if strings.Contains(places[place], "$argon2id$") {
			t.Errorf("a hash is in %s", place)
		}
	}
}

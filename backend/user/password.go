package user

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"keydesk/backend/secret"
)

// The limits of a password's length in characters (RULES.md, Sign-in).
const (
	leastPassword = 12
	mostPassword  = 128
)

// common.txt holds common passwords of 12 characters and more, folded, one per
// line: known ones, and known words with the endings people add.
//
//go:embed common.txt
var commonText string

var common = sync.OnceValue(func() map[string]bool {
	lines := strings.Fields(strings.ReplaceAll(commonText, " ", ""))
	set := make(map[string]bool, len(lines))
	for _, line := range lines {
		set[letters(line)] = true
	}
	return set
})

// passwordProblem returns why this may not be a password, or an empty string.
// There are no composition rules: only what a guesser tries first is refused.
func passwordProblem(password secret.Text, user, organisation string) string {
	plain := norm.NFC.String(password.Reveal())
	length := utf8.RuneCountInString(plain)
	switch {
	case length < leastPassword:
		return fmt.Sprintf("Use at least %d characters. A few words in a row are good.", leastPassword)
	case length > mostPassword:
		return fmt.Sprintf("Use at most %d characters.", mostPassword)
	case isPattern([]rune(fold(plain))):
		return "This is a simple sequence or repetition. Use a few unrelated words instead."
	case isCommon(plain):
		return "Many people use this password, so it is guessed first. Use a few unrelated words instead."
	}
	if isMainly(plain, "keydesk", user, organisation) {
		return "This is mainly the name of the program, the user or the organisation. Use a few unrelated words instead."
	}
	return ""
}

// lookalikes undoes the swaps that fool nobody who guesses.
var lookalikes = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "l", "|", "l")

// letters returns the password composed and in one case, without blanks and
// swaps.
func letters(text string) string {
	return lookalikes.Replace(strings.Join(strings.Fields(fold(text)), ""))
}

// isCommon looks the password up as typed and without the signs around it.
func isCommon(plain string) bool {
	bare := strings.TrimFunc(plain, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) })
	return common()[letters(plain)] || common()[letters(bare)]
}

// leastOther is how many characters a password needs besides names, or the
// names are its main part.
const leastOther = 8

// isMainly reports whether little is left of the password without these names
// and their words. Words with fewer than 3 letters do not count.
func isMainly(plain string, names ...string) bool {
	rest := letters(plain)
	found := false
	for _, name := range names {
		words := append([]string{name}, strings.FieldsFunc(name, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})...)
		for _, word := range words {
			word = letters(word)
			if utf8.RuneCountInString(word) >= 3 && strings.Contains(rest, word) {
				rest, found = strings.ReplaceAll(rest, word, ""), true
			}
		}
	}
	return found && utf8.RuneCountInString(rest) < leastOther
}

// Runs on the keyboard and of the alphabet; each counts forwards and backwards.
var paths = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890",
	"qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm",
	"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/",
	"1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()", `!"§$%&/()=`,
}

var neighbours = sync.OnceValue(func() map[[2]rune]bool {
	near := map[[2]rune]bool{}
	for _, path := range paths {
		runes := []rune(path)
		for i := 1; i < len(runes); i++ {
			near[[2]rune{runes[i-1], runes[i]}] = true
			near[[2]rune{runes[i], runes[i-1]}] = true
		}
	}
	return near
})

// isPattern reports whether the password is a few sequences or a short repeated
// block.
func isPattern(text []rune) bool {
	breaks := 0
	for i := 1; i < len(text); i++ {
		if text[i] != text[i-1] && !neighbours()[[2]rune{text[i-1], text[i]}] {
			breaks++
		}
	}
	if breaks <= len(text)/4 {
		return true
	}
	for block := 1; block <= len(text)/2 && block <= longestBlock; block++ {
		if repeats(text, block) {
			return true
		}
	}
	return false
}

// longestBlock is the longest run of characters whose repetition is refused.
const longestBlock = 6

func repeats(text []rune, block int) bool {
	for i := block; i < len(text); i++ {
		if text[i] != text[i-block] {
			return false
		}
	}
	return true
}

package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/term"

	"keydesk/backend/send"
)

// canAsk tells whether there is a person to ask: standard input is a terminal, and no
// rows come through it.
func (s *sending) canAsk() bool {
	return !s.Yes && term.IsTerminal(int(s.std.stdin.Fd())) && s.say.terminal
}

// agree says how many live messages will go out and what is known of their cost, and
// asks whether to send them.
func (s *sending) agree(ctx context.Context, run *send.Run) error {
	parts, err := run.Parts(ctx)
	if err != nil {
		return err
	}
	s.say.note("%s", announcement(parts, run.Key))
	if faulty := len(send.Summary(s.table, run.Progress).Failed); faulty > 0 {
		s.say.note("Besides, %s cannot be sent and will be listed.", counted(faulty, "row"))
	}
	switch {
	case s.Yes:
		return nil
	case !s.canAsk():
		return errNotYes
	}
	agreed, err := s.ask(ctx, "Send now? [y/N] ")
	if err == nil && !agreed {
		err = errNotYes.WithHint("")
	}
	return err
}

// announcement is what is known before live messages go out.
func announcement(parts []send.Part, key send.Key) string {
	rows := 0
	for _, part := range parts {
		rows += part.Rows
	}
	text := fmt.Sprintf("This sends %s for real:\n", counted(rows, "message"))
	for i, part := range parts {
		if i == 10 && len(parts) > 11 {
			text += fmt.Sprintf("  and to %d other stages\n", len(parts)-i)
			break
		}
		text += "  " + described(part) + "\n"
	}
	if slices.ContainsFunc(parts, func(part send.Part) bool { return part.Target.Channel == "sms" && part.Segments == 0 }) {
		text += "Where no number of SMS is said, Keydesk does not know the text. One of more than 160 characters, or with letters outside the SMS alphabet, is billed as several SMS.\n"
	}
	text += "What a message costs is a matter of the provider's prices, which Keydesk does not know."
	if minutes := rows / max(key.RequestsAMinute, 1); minutes > 1 {
		text += fmt.Sprintf(" At the key's limit of %s requests a minute it takes at least %d minutes.", number(key.RequestsAMinute), minutes)
	}
	if key.LiveSendsADay != nil && *key.LiveSendsADay < rows {
		text += fmt.Sprintf(" The key may send %s a day, so the rest is left for the next days.", counted(*key.LiveSendsADay, "message"))
	}
	return text
}

// described is one line of the announcement.
func described(part send.Part) string {
	text := fmt.Sprintf("%s to %s", number(part.Rows), visible(part.Target.String()))
	if part.Provider != "" {
		text += fmt.Sprintf(", through %s (%s)", visible(part.Provider), visible(part.Setup))
	}
	switch {
	case part.Segments > 1:
		text += fmt.Sprintf("; billed as up to %d SMS each (line %d), so about %s SMS at most", part.Segments, part.Line, number(part.Rows*part.Segments))
	case part.Segments == 1:
		text += fmt.Sprintf("; billed as 1 SMS each, so about %s SMS", number(part.Rows))
	}
	return text
}

// ask waits for an answer at the terminal, or for Ctrl-C.
func (s *sending) ask(ctx context.Context, question string) (bool, error) {
	_, _ = fmt.Fprint(s.std.stderr, question)
	typed := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(s.std.stdin).ReadString('\n')
		typed <- line
	}()
	select {
	case line := <-typed:
		answer := strings.ToLower(strings.TrimSpace(line))
		return answer == "y" || answer == "yes", nil
	case <-ctx.Done():
		_, _ = fmt.Fprintln(s.std.stderr)
		return false, send.ErrStopped
	}
}

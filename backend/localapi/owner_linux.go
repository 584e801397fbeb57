package localapi

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// ownerLimit is how long looking for the owner of a port may take.
const ownerLimit = 200 * time.Millisecond

// portOwner names the program that listens on a port, as far as /proc shows it:
// only programs of the same user. "" when it is not known.
func portOwner(at netip.AddrPort) string {
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		listening(table, at.Port(), sockets)
	}
	if len(sockets) == 0 {
		return ""
	}
	until := time.Now().Add(ownerLimit)
	programs, _ := filepath.Glob("/proc/[0-9]*")
	for _, program := range programs {
		if time.Now().After(until) {
			return ""
		}
		files, err := os.ReadDir(program + "/fd")
		if err != nil {
			continue
		}
		for _, file := range files {
			if target, err := os.Readlink(program + "/fd/" + file.Name()); err == nil && sockets[target] {
				return programName(program)
			}
		}
	}
	return ""
}

// listening adds the sockets that listen on a port, as /proc/N/fd links to them.
func listening(table string, port uint16, sockets map[string]bool) {
	file, err := os.Open(table)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	suffix := fmt.Sprintf(":%04X", port)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		// sl local_address rem_address st queues tr retrnsmt uid timeout inode
		columns := strings.Fields(lines.Text())
		if len(columns) > 9 && columns[3] == "0A" && strings.HasSuffix(columns[1], suffix) {
			sockets["socket:["+columns[9]+"]"] = true
		}
	}
}

// programName is the name that the program gives itself; it can be any bytes.
func programName(program string) string {
	name, err := os.ReadFile(program + "/comm")
	if err != nil {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(name), ""))
	return fmt.Sprintf("%q (process %s)", strings.TrimSpace(text), filepath.Base(program))
}

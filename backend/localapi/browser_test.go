package localapi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// browser is the real Chromium, driven over its pipe (the DevTools protocol).
type browser struct {
	t       *testing.T
	process *exec.Cmd
	write   io.WriteCloser

	mu      sync.Mutex
	next    int
	waiting map[int]chan devtools
	events  []devtools
}

// devtools is one message of the protocol.
type devtools struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// startBrowser starts Chromium with a profile. Its own protection of this computer
// against web pages is off, so that a test sees what the door does.
func startBrowser(t *testing.T, profile string, switches ...string) *browser {
	t.Helper()
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
		"--remote-debugging-pipe", "--user-data-dir=" + profile,
	}, switches...)
	b := &browser{t: t, process: exec.Command("chromium", args...), write: ourOut, waiting: map[int]chan devtools{}}
	b.process.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4, as the switch wants
	b.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var said syncBuffer
	b.process.Stderr = &said
	if err := b.process.Start(); err != nil {
		t.Fatalf("this test needs chromium: %v", err)
	}
	theirIn.Close()
	theirOut.Close()
	go b.read(ourIn)
	t.Cleanup(func() {
		b.stop()
		if t.Failed() {
			t.Logf("chromium said: %.2000s", said.String())
		}
	})
	return b
}

// stop ends the browser as a person does, so that it writes its cache.
func (b *browser) stop() {
	if b.process.ProcessState != nil {
		return
	}
	b.mu.Lock()
	b.next++
	_, _ = fmt.Fprintf(b.write, "{\"id\":%d,\"method\":\"Browser.close\"}\x00", b.next)
	b.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		_ = b.process.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = syscall.Kill(-b.process.Process.Pid, syscall.SIGKILL)
		<-ended
	}
	_ = b.write.Close()
}

func (b *browser) read(from io.Reader) {
	reader := bufio.NewReader(from)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			return
		}
		var got devtools
		if json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &got) != nil {
			continue
		}
		b.mu.Lock()
		if got.ID == 0 {
			b.events = append(b.events, got)
		} else if waits := b.waiting[got.ID]; waits != nil {
			waits <- got
		}
		b.mu.Unlock()
	}
}

// do sends a command and reads its result into out.
func (b *browser) do(session, method string, params, out any) {
	b.t.Helper()
	raw, err := json.Marshal(params)
	if err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	b.next++
	id, answer := b.next, make(chan devtools, 1)
	b.waiting[id] = answer
	text, err := json.Marshal(devtools{ID: id, Session: session, Method: method, Params: raw})
	if err == nil {
		_, err = b.write.Write(append(text, 0))
	}
	b.mu.Unlock()
	if err != nil {
		b.t.Fatal(err)
	}
	select {
	case got := <-answer:
		if got.Error != nil {
			b.t.Fatalf("%s: %s", method, got.Error)
		}
		if out != nil {
			if err := json.Unmarshal(got.Result, out); err != nil {
				b.t.Fatal(err)
			}
		}
	case <-time.After(60 * time.Second):
		b.t.Fatalf("%s was not answered", method)
	}
}

// open opens an address in a new tab and gives its session.
func (b *browser) open(address string) (session string) {
	b.t.Helper()
	var target struct {
		TargetID string `json:"targetId"`
	}
	b.do("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.do("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	for _, domain := range []string{"Page", "Runtime", "Network", "Log", "Audits"} {
		b.do(attached.SessionID, domain+".enable", map[string]any{}, nil)
	}
	b.do(attached.SessionID, "Page.navigate", map[string]any{"url": address}, nil)
	return attached.SessionID
}

// eval runs JavaScript in a tab, waits for its promise and reads what it gives.
func (b *browser) eval(session, code string, out any) {
	b.t.Helper()
	var got struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception json.RawMessage `json:"exceptionDetails"`
	}
	b.do(session, "Runtime.evaluate", map[string]any{"expression": code, "awaitPromise": true, "returnByValue": true}, &got)
	if got.Exception != nil {
		b.t.Fatalf("%s: %s", code, got.Exception)
	}
	if out != nil && got.Result.Value != nil {
		if err := json.Unmarshal(got.Result.Value, out); err != nil {
			b.t.Fatalf("%s gave %s", code, got.Result.Value)
		}
	}
}

// until evaluates code until it gives true.
func (b *browser) until(session, code string) {
	b.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var is bool
		b.eval(session, code, &is)
		if is {
			return
		}
	}
	b.t.Fatalf("%s did not become true", code)
}

// heard are the events of a method in a tab so far, as text.
func (b *browser) heard(session, method string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []string
	for _, event := range b.events {
		if event.Session == session && event.Method == method {
			found = append(found, string(event.Params))
		}
	}
	return found
}

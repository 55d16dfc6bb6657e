package headless

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Browser is a headless Chromium with one page, driven over its debugging pipe.
type Browser struct {
	t       *testing.T
	input   *os.File
	session string

	mu      sync.Mutex
	next    int
	replies map[int]chan message
	events  []message
	news    chan struct{}
}

// message is a command, a reply or an event of the browser's protocol.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// Start starts a browser, which ends with the test. It skips the test if Chromium is not installed.
func Start(t *testing.T) *Browser {
	t.Helper()

	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not installed: no page was tested")
	}

	commandsOut, commandsIn, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}

	repliesOut, repliesIn, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}

	home := t.TempDir()
	// CI runs as root, where the browser's own sandbox does not work. It opens pages of this machine only.
	command := exec.CommandContext(t.Context(), path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--disable-background-networking", "--no-first-run", "--remote-debugging-pipe", "--user-data-dir="+home, "about:blank")
	command.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	command.ExtraFiles = []*os.File{commandsOut, repliesIn}
	command.WaitDelay = 10 * time.Second
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	_ = commandsOut.Close()
	_ = repliesIn.Close()

	b := &Browser{t: t, input: commandsIn, replies: map[int]chan message{}, news: make(chan struct{}, 1)}

	go b.read(repliesOut)

	t.Cleanup(func() {
		// It ends with its pipe.
		_ = commandsIn.Close()
		_ = command.Wait()
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)

		// Its children write to the directory until they have ended.
		for range 100 {
			if os.RemoveAll(home) == nil {
				break
			}

			time.Sleep(50 * time.Millisecond) //nolint:forbidigo // they are no children of this process, so it cannot wait for them
		}
	})

	var target struct {
		ID string `json:"targetId"`
	}

	b.call(&target, "Target.createTarget", map[string]any{"url": "about:blank"})

	var attached struct {
		Session string `json:"sessionId"`
	}

	b.call(&attached, "Target.attachToTarget", map[string]any{"targetId": target.ID, "flatten": true})
	b.session = attached.Session
	b.call(nil, "Page.enable", nil)
	b.call(nil, "Network.enable", nil)
	b.call(nil, "Runtime.enable", nil)
	b.call(nil, "Log.enable", nil)

	return b
}

func (b *Browser) read(from *os.File) {
	defer from.Close()

	reader := bufio.NewReader(from)

	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			return
		}

		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}

		b.mu.Lock()

		if reply := b.replies[m.ID]; m.ID != 0 && reply != nil {
			reply <- m
		} else {
			b.events = append(b.events, m)
		}

		b.mu.Unlock()

		select {
		case b.news <- struct{}{}:
		default:
		}
	}
}

// call sends a command and reads its result into result, unless that is nil.
func (b *Browser) call(result any, method string, params map[string]any) {
	b.t.Helper()

	if params == nil {
		params = map[string]any{}
	}

	encoded, err := json.Marshal(params)
	if err != nil {
		b.t.Fatal(err)
	}

	reply := make(chan message, 1)

	b.mu.Lock()
	b.next++
	m := message{ID: b.next, Session: b.session, Method: method, Params: encoded}
	b.replies[m.ID] = reply
	b.mu.Unlock()

	text, err := json.Marshal(m)
	if err != nil {
		b.t.Fatal(err)
	}

	if _, err := b.input.Write(append(text, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}

	timer := time.NewTimer(time.Minute)
	defer timer.Stop()

	select {
	case got := <-reply:
		if got.Error != nil {
			b.t.Fatalf("%s: %s", method, got.Error)
		}

		if result != nil {
			if err := json.Unmarshal(got.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
	case <-timer.C:
		b.t.Fatalf("%s: no reply within a minute", method)
	}
}

// After performs an action and waits until it has loaded a page.
func (b *Browser) After(action func()) {
	b.t.Helper()

	loaded := func() (count int) {
		b.mu.Lock()
		defer b.mu.Unlock()

		for _, event := range b.events {
			if event.Method == "Page.loadEventFired" {
				count++
			}
		}

		return count
	}

	before := loaded()

	action()

	timer := time.NewTimer(time.Minute)
	defer timer.Stop()

	for loaded() == before {
		select {
		case <-b.news:
		case <-timer.C:
			b.t.Fatal("no page was loaded within a minute")
		}
	}
}

// Open goes to an address and waits until the page is loaded.
func (b *Browser) Open(address string) {
	b.t.Helper()
	b.After(func() { b.call(nil, "Page.navigate", map[string]any{"url": address}) })
}

// Press clicks the center of an element, and waits until that has loaded a page.
func (b *Browser) Press(selector string) {
	b.t.Helper()
	b.After(func() { b.Click(selector) })
}

// Click clicks the center of an element.
func (b *Browser) Click(selector string) {
	b.t.Helper()

	place := Eval[[]float64](b, `(() => { const e = document.querySelector(`+quoted(b.t, selector)+`);
		e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`)

	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call(nil, "Input.dispatchMouseEvent", map[string]any{
			"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
		})
	}
}

// Fill sets the text of an input.
func (b *Browser) Fill(selector, text string) {
	b.t.Helper()
	Eval[string](b, `document.querySelector(`+quoted(b.t, selector)+`).value = `+quoted(b.t, text))
}

// Resize sets the size of the page.
func (b *Browser) Resize(width, height int) {
	b.t.Helper()
	b.call(nil, "Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
	})
}

// Eval evaluates an expression in the page.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()

	var reply struct {
		Result struct {
			Value T `json:"value"`
		} `json:"result"`
		Exception json.RawMessage `json:"exceptionDetails"`
	}

	b.call(&reply, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true})

	if reply.Exception != nil {
		b.t.Fatalf("%s: %s", expression, reply.Exception)
	}

	return reply.Result.Value
}

func quoted(t *testing.T, text string) string {
	t.Helper()

	encoded, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}

	return string(encoded)
}

package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duosub/duosub/worker"
)

// serve runs a server on a free port until the test's end, and answers its
// address, how to stop it and how it ended.
func serve(t *testing.T, cfg Config) (addr string, stop context.CancelFunc, ended <-chan error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, cfg)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	return ln.Addr().String(), cancel, done
}

func TestServeEndsStreamsAndLetsRequestsFinish(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	jobs := &fakeJobs{
		events: func(ctx context.Context, _, _ string, each func(worker.Event) error) error {
			if err := each(threeEvents[0]); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		},
		list: func(ctx context.Context, _ worker.Filter) ([]*worker.Record, string, error) {
			close(entered)
			<-leave
			return nil, "", ctx.Err()
		},
	}
	addr, stop, ended := serve(t, Config{Jobs: jobs})
	stream := get(t, context.Background(), "http://"+addr+eventsPath(jobRecord("42")))
	lines := bufio.NewScanner(stream.Body)
	until(t, lines, `data: {"state":"running"}`)
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + addr + "/v1/jobs")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		data, _ := io.ReadAll(resp.Body)
		answered <- fmt.Sprint(resp.StatusCode, " ", string(data))
	}()
	<-entered
	stop()
	for lines.Scan() {
		if lines.Text() != "" {
			t.Errorf("after the end: %q", lines.Text())
		}
	}
	if lines.Err() != nil {
		t.Errorf("the stream broke off: %v", lines.Err())
	}
	select {
	case err := <-ended:
		t.Fatalf("the server ended (%v) while a request was under way", err)
	default:
	}
	close(leave)
	if got := <-answered; got != `200 {"jobs":[],"cursor":""}` {
		t.Errorf("the request under way was answered %s", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		conn.Close()
		t.Error("the server still listens")
	}
}

func TestServeCutsOffWhatTakesTooLong(t *testing.T) {
	entered := make(chan struct{})
	jobs := &fakeJobs{list: func(ctx context.Context, _ worker.Filter) ([]*worker.Record, string, error) {
		close(entered)
		<-ctx.Done()
		return nil, "", ctx.Err()
	}}
	addr, stop, ended := serve(t, Config{Jobs: jobs, ShutdownTimeout: time.Millisecond})
	failed := make(chan error, 1)
	go func() {
		resp, err := http.Get("http://" + addr + "/v1/jobs")
		if err == nil {
			resp.Body.Close()
		}
		failed <- err
	}()
	<-entered
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := <-failed; err == nil {
		t.Error("the request was answered")
	}
}

func TestServeRefusesTheNetworkWithoutAToken(t *testing.T) {
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := newServer(t, Config{}).Serve(context.Background(), ln); err == nil || !strings.Contains(err.Error(), "DUOSUB_TOKEN") {
		t.Errorf("%v", err)
	}
	if conn, err := ln.Accept(); err == nil {
		conn.Close()
		t.Error("the listener is still open")
	}
	unix, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := newServer(t, Config{}).Serve(ctx, unix); err != nil {
		t.Errorf("a socket in the file system: %v", err)
	}
}

func TestServeTellsThatTheListenerFailed(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := newServer(t, Config{}).Serve(context.Background(), ln); err == nil {
		t.Error("no error")
	}
}

func TestReadinessEndsWithTheServer(t *testing.T) {
	s := newServer(t, Config{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Serve(ctx, ln); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, do(s, request("GET", "/readyz", "")), 503, "unavailable")
}

// raw sends bytes as they are and answers the first line and the headers that
// come back.
func raw(t *testing.T, addr, request string) (string, textproto.MIMEHeader) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// Only so that a server that never answers fails the test.
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	r := textproto.NewReader(bufio.NewReader(conn))
	line, err := r.ReadLine()
	if err != nil {
		t.Fatal(err)
	}
	header, err := r.ReadMIMEHeader()
	if err != nil {
		t.Fatal(err)
	}
	return line, header
}

func TestHostileRequestsOnTheWire(t *testing.T) {
	addr, _, _ := serve(t, Config{Token: "secret", MaxUpload: 1 << 20})
	host := "\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer secret\r\n"
	for name, c := range map[string]struct{ request, status string }{
		"dots":              {"GET /v1/jobs/../../etc/passwd HTTP/1.1" + host + "\r\n", "404"},
		"escaped dots":      {"GET /v1/jobs/%2e%2e/%2e%2e/etc/passwd HTTP/1.1" + host + "\r\n", "404"},
		"absolute":          {"GET http://evil.example/v1/nothing HTTP/1.1" + host + "\r\n", "404"},
		"connect":           {"CONNECT 127.0.0.1:6379 HTTP/1.1" + host + "\r\n", "404"},
		"announced large":   {"POST /v1/jobs HTTP/1.1" + host + "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n", "413"},
		"large upload":      {"POST /v1/jobs HTTP/1.1" + host + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000000\r\n\r\n", "413"},
		"two lengths":       {"POST /v1/jobs HTTP/1.1" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "400"},
		"broken chunk":      {"POST /v1/jobs HTTP/1.1" + host + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
		"long header":       {"GET /v1/jobs HTTP/1.1" + host + "X: " + strings.Repeat("a", 40<<10) + "\r\n\r\n", "431"},
		"no token, no body": {"POST /v1/jobs HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n", "401"},
	} {
		line, header := raw(t, addr, c.request)
		if !strings.HasPrefix(line, "HTTP/1.1 "+c.status) {
			t.Errorf("%s: %s", name, line)
		}
		if header.Get("Location") != "" {
			t.Errorf("%s: led on to %s", name, header.Get("Location"))
		}
	}
}

// An upload over a real connection: the body's time limits and the answer's
// do not get into each other's way.
func TestUploadOverTheWire(t *testing.T) {
	jobs := &fakeJobs{}
	addr, _, _ := serve(t, Config{Jobs: jobs})
	body, contentType := multipartBody(t, part{"video", "", "42"}, part{"file", "a.mp4", strings.Repeat("x", 4<<20)})
	for i, want := range []int{202, 200} {
		resp, err := http.Post("http://"+addr+"/v1/jobs", contentType, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%d: %d %s", i, resp.StatusCode, data)
		}
	}
	for _, data := range jobs.uploads {
		if len(data) != 4<<20 {
			t.Errorf("%d bytes came", len(data))
		}
	}
}

// The time limits are on bodies and single writes, not on requests: a slow
// translation is answered, a long stream goes on, and a body that stands
// still is not waited for.
func TestTimeLimitsAreNotOnRequests(t *testing.T) {
	const limit = 300 * time.Millisecond
	wait := func(ctx context.Context) error {
		select {
		case <-time.After(4 * limit):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	plain := &fakeJobs{}
	jobs := &fakeJobs{
		text: func(ctx context.Context, req worker.TextRequest) (*worker.TextResponse, error) {
			if err := wait(ctx); err != nil {
				return nil, err
			}
			return plain.Text(ctx, req)
		},
		events: func(ctx context.Context, _, _ string, each func(worker.Event) error) error {
			for _, e := range threeEvents {
				if err := wait(ctx); err != nil {
					return err
				}
				if err := each(e); err != nil {
					return err
				}
			}
			return nil
		},
		upload: func(ctx context.Context, r io.Reader) (string, error) {
			source, err := plain.Upload(ctx, r)
			if err != nil {
				return "", err
			}
			return source, wait(ctx)
		},
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, Config{Jobs: jobs})
	s.bodyTimeout, s.writeTimeout = limit, 3*limit
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	base := "http://" + ln.Addr().String()

	// Twice, so that the second comes over a connection that was used.
	for range 2 {
		resp, err := http.Post(base+"/v1/text", "application/json", strings.NewReader(`{"target":"en","kind":"chat","items":[{"id":"a","text":"x"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if data, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || !strings.Contains(string(data), "[x]") {
			t.Errorf("a slow translation: %d %s", resp.StatusCode, data)
		}
		resp.Body.Close()
	}
	body, contentType := multipartBody(t, part{"file", "a.srt", someSRT})
	resp, err := http.Post(base+"/v1/jobs", contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 202 {
		t.Errorf("a slow store: %d", resp.StatusCode)
	}
	stream := get(t, context.Background(), base+eventsPath(jobRecord("42")))
	until(t, bufio.NewScanner(stream.Body), `data: {"state":"done"}`)

	for _, c := range []struct{ name, request, status string }{
		{"JSON", "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", "408"},
		{"an upload", "Host: localhost\r\nContent-Type: " + contentType + "\r\nContent-Length: 99999\r\n\r\n" + body[:len(body)/2], "408"},
		{"what is not read", "Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n{", "415"},
		{"a stranger's body", "Host: evil.example\r\nContent-Length: 9\r\n\r\n{", "403"},
	} {
		if line, _ := raw(t, ln.Addr().String(), "POST /v1/jobs HTTP/1.1\r\n"+c.request); !strings.HasPrefix(line, "HTTP/1.1 "+c.status) {
			t.Errorf("%s that stands still: %s", c.name, line)
		}
	}
}

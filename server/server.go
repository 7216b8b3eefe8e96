package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/duosub/duosub/worker"
	"github.com/duosub/duosub/worker/job"
)

// Jobs is what the server asks of the service behind it. [*worker.Service]
// is one. Its methods are called concurrently.
type Jobs interface {
	Submit(ctx context.Context, spec job.Spec) (r *worker.Record, created bool, err error)
	Upload(ctx context.Context, r io.Reader) (source string, err error)
	Get(ctx context.Context, id string) (*worker.Record, error)
	List(ctx context.Context, f worker.Filter) (jobs []*worker.Record, cursor string, err error)
	Cancel(ctx context.Context, id string) (*worker.Record, error)
	Purge(ctx context.Context, id string) (*worker.PurgeReport, error)
	Events(ctx context.Context, id, lastID string, each func(worker.Event) error) error
	OpenOutput(ctx context.Context, id, name string) (*worker.OpenedOutput, error)
	Text(ctx context.Context, req worker.TextRequest) (*worker.TextResponse, error)
	Ready(ctx context.Context) error
}

var _ Jobs = (*worker.Service)(nil)

// Limits of a server that nobody configures.
const (
	// MaxJobBody bounds the JSON of a job in bytes, and the fields of a form
	// taken together.
	MaxJobBody = 64 << 10
	// MaxTextBody bounds the JSON of a request for short texts in bytes.
	MaxTextBody = 1 << 20
	// DefaultMaxUpload bounds an uploaded file in bytes (8 GiB). That a
	// subtitle file is held to 32 MiB is decided where it is read.
	DefaultMaxUpload = 8 << 30
)

const (
	headerTimeout          = 10 * time.Second
	defaultHeartbeat       = 15 * time.Second
	defaultShutdownTimeout = 15 * time.Second
	// bodyTimeout is how long a small body may take as a whole, and how long
	// an upload may stand still.
	bodyTimeout = 60 * time.Second
	// writeTimeout is how long a single write may wait for the client. It is
	// longer than bodyTimeout, since before an answer is written, net/http may
	// still wait for the rest of a body.
	writeTimeout = 90 * time.Second
	readyTimeout = 5 * time.Second
)

// Config is what a Server is made of.
type Config struct {
	// Jobs does the work; required.
	Jobs Jobs
	// Token is what callers must send as a bearer token. Empty lets everybody
	// in who asks from this machine: Host and Origin are checked instead, and
	// [CheckListen] refuses every address beyond loopback.
	Token string
	// AllowedOrigins are the origins ("https://app.example") whose pages may
	// read outputs, and which may call a server without a token. Nil, like
	// "*", lets every page read the outputs that it has a token for; neither
	// opens a server without a token to other origins.
	AllowedOrigins []string
	// MaxUpload bounds an uploaded file in bytes; zero means
	// DefaultMaxUpload.
	MaxUpload int64
	// Idempotency remembers the answers to requests with an Idempotency-Key;
	// nil means a [MemoryIdempotency] of this process.
	Idempotency IdempotencyStore
	// Heartbeat is how often an event stream shows that it lives; zero means
	// 15 seconds.
	Heartbeat time.Duration
	// ShutdownTimeout is how long requests under way may take to end when the
	// server stops; zero means 15 seconds.
	ShutdownTimeout time.Duration
	// Log receives one entry a request, never a query, a token or a text; nil
	// means silence.
	Log *slog.Logger
}

// A Server answers the HTTP API. It is an [http.Handler]; [Server.Serve] runs
// it on a listener with the limits that a server on a network needs.
type Server struct {
	jobs            Jobs
	guard           guard
	cors            cors
	maxUpload       int64
	idempotency     IdempotencyStore
	heartbeat       time.Duration
	shutdownTimeout time.Duration
	bodyTimeout     time.Duration
	writeTimeout    time.Duration
	log             *slog.Logger
	mux             *http.ServeMux

	closeOnce sync.Once
	closing   chan struct{} // closed when the server stops
}

// New makes a server. It fails with one sentence that says which field of the
// configuration is wrong.
func New(cfg Config) (*Server, error) {
	if cfg.Jobs == nil {
		return nil, errors.New("server: Config.Jobs is missing")
	}
	if err := checkToken(cfg.Token); err != nil {
		return nil, err
	}
	origins, err := parseOrigins(cfg.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	if cfg.MaxUpload < 0 || cfg.Heartbeat < 0 || cfg.ShutdownTimeout < 0 {
		return nil, errors.New("server: MaxUpload, Heartbeat and ShutdownTimeout cannot be negative")
	}
	s := &Server{
		jobs:            cfg.Jobs,
		guard:           newGuard(cfg.Token, origins),
		cors:            origins,
		maxUpload:       orDefault(cfg.MaxUpload, DefaultMaxUpload),
		idempotency:     cfg.Idempotency,
		heartbeat:       orDefault(cfg.Heartbeat, defaultHeartbeat),
		shutdownTimeout: orDefault(cfg.ShutdownTimeout, defaultShutdownTimeout),
		bodyTimeout:     bodyTimeout,
		writeTimeout:    writeTimeout,
		log:             cfg.Log,
		closing:         make(chan struct{}),
	}
	if s.idempotency == nil {
		s.idempotency = &MemoryIdempotency{}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mux = s.newMux()
	return s, nil
}

func orDefault[T int64 | time.Duration](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// Serve answers on the listener until ctx ends. Then it takes no new
// connections, ends event streams, lets other requests finish for as long as
// Config.ShutdownTimeout says, and returns nil. It closes the listener. A
// listener that is reached from beyond loopback is refused where there is no
// token. A server that has stopped is not started again.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if ln.Addr().Network() != "unix" {
		if err := CheckListen(ln.Addr().String(), s.guard.token()); err != nil {
			ln.Close()
			return err
		}
	}
	hs := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		// For the whole of a body; an upload extends it (see body.Read). It
		// also ends the wait for a body that no handler has read, which
		// net/http wants to see before it answers.
		ReadTimeout: s.bodyTimeout,
		// Each write extends this by as much again (see response.Write).
		WriteTimeout:   s.writeTimeout,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
		ErrorLog:       slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		// Requests under way are not cut off by the end of ctx.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	served := make(chan error, 1)
	go func() { served <- hs.Serve(ln) }()
	select {
	case err := <-served:
		return fmt.Errorf("the server on %s ended: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	s.closeOnce.Do(func() { close(s.closing) })
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.shutdownTimeout)
	defer cancel()
	if err := hs.Shutdown(grace); err != nil {
		s.log.Warn("requests that took too long were cut off", "after", s.shutdownTimeout)
		hs.Close()
	}
	<-served
	return nil
}

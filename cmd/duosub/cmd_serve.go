package main

import (
	"context"
	"net"
	"os"
	"path/filepath"

	"github.com/duosub/duosub/server"
	"github.com/spf13/cobra"
)

// httpAddr is the file in the data folder with the address that the API is
// served at.
const httpAddr = "http.addr"

func newServeCommand(a *app) *cobra.Command {
	f := &workerFlags{}
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API and work on jobs",
		Long: `Serve the HTTP API and work on jobs, in one process. Without --redis it keeps a
Redis of its own: a redis-server child with its file in the data folder, which
“duosub enqueue”, “jobs” and “worker” find there.

Beyond this machine it listens only with a token, in DUOSUB_TOKEN. The first
SIGTERM or Ctrl-C lets calls under way finish; what is left of a job goes on
after the next start.`,
		Example: `  OPENAI_API_KEY=… duosub serve --backend 'openai?model=gpt-5-mini'
  DUOSUB_TOKEN=… duosub serve --listen :8787 --redis redis://cache:6379/0 \
      --store 's3://bucket?region=eu-central-1' --allow-source https://cdn.example/videos \
      --backend 'openai?model=…'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), f, listen) },
	}
	f.add(cmd, "default: one of its own")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8787", "`address` of the API, host:port; port 0 for any that is free")
	return cmd
}

func (a *app) serve(ctx context.Context, f *workerFlags, listen string) (err error) {
	token := a.env.get("DUOSUB_TOKEN")
	if err := server.CheckListen(listen, token); err != nil {
		return usagef("%s", sentence(err))
	}
	ln, err := net.Listen("tcp", listen)
	if err != nil {
		return failf("%s cannot be listened on: %s", listen, sentence(err))
	}
	defer ln.Close()
	w, err := a.openWorkshop(ctx, f, keep)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := w.Close(); err == nil {
			err = cerr
		}
	}()
	srv, err := server.New(server.Config{Jobs: w.service, Token: token, Log: w.log})
	if err != nil {
		return err
	}
	forget, err := a.tellAddress(ln.Addr(), f.data)
	if err != nil {
		return err
	}
	defer forget()
	return w.work(ctx, a, func(ctx context.Context) error { return srv.Serve(ctx, ln) })
}

// tellAddress says where the API is, to a person and in the data folder.
func (a *app) tellAddress(addr net.Addr, dataFlag string) (forget func(), err error) {
	dir, err := a.dataFolder(dataFlag)
	if err != nil {
		return nil, err
	}
	url := "http://" + addr.String()
	if err := writeFiles(dir, []file{{httpAddr, []byte(url + "\n")}}); err != nil {
		return nil, err
	}
	a.term.say("listening on %s", url)
	path := filepath.Join(dir, httpAddr)
	return func() {
		// Another server over the same folder may have written its own.
		if data, err := os.ReadFile(path); err == nil && string(data) == url+"\n" {
			_ = os.Remove(path)
		}
	}, nil
}

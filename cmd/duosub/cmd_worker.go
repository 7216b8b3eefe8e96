package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newWorkerCommand(a *app) *cobra.Command {
	f := &workerFlags{}
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Work on jobs, without the API",
		Long: `Work on jobs, without serving the API: any number of these may share a Redis
and a store. The first SIGTERM or Ctrl-C lets calls under way finish.`,
		Example: `  OPENAI_API_KEY=… duosub worker --redis redis://cache:6379/0 \
      --store 's3://bucket?region=eu-central-1' --backend 'openai?model=…'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.work(cmd.Context(), f) },
	}
	f.add(cmd, "default: the one that “duosub serve” keeps")
	return cmd
}

func (a *app) work(ctx context.Context, f *workerFlags) (err error) {
	w, err := a.openWorkshop(ctx, f, join)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := w.Close(); err == nil {
			err = cerr
		}
	}()
	a.term.say("waiting for jobs")
	return w.work(ctx, a)
}

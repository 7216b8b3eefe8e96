// Command duosub gives videos English and Chinese subtitles at once.
//
// It is the door to the packages beside it: it reads flags, environment and
// file, wires, and does nothing else. One file a command.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/redis/go-redis/v9"
	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // the first signal drains, the second one kills
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

// run is the whole program. It answers the exit status. When ctx ends, what is
// under way is finished and kept, and nothing new is begun.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, environ []string) int {
	a := &app{term: newTerminal(stdout, stderr), env: newEnv(environ)}
	redis.SetLogger(silence{})
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return a.term.finish(cmd, err)
}

// app is what the commands share.
type app struct {
	term *terminal
	env  env
	// configFile is the value of --config.
	configFile string
}

// Groups of commands in the help.
const (
	groupFiles   = "files"
	groupService = "service"
	groupOther   = "other"
)

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "duosub",
		Short: "English and Chinese subtitles at once",
		Long: `duosub gives videos English and Chinese subtitles at once: it translates a
subtitle track with a backend of your choice and writes files that show both
languages together.`,
		Example: `  OPENAI_API_KEY=… duosub translate vlog.srt --backend 'openai?model=gpt-5-mini'
  duosub translate videos/ --backend 'openai?base_url=http://localhost:11434/v1&model=qwen3' --out subtitles/
  duosub merge vlog.zh-Hans.srt vlog.en.srt
  duosub check vlog.dual.json
  duosub serve`,
		Args:                       noSuchCommand,
		SilenceErrors:              true,
		SilenceUsage:               true,
		PersistentPreRunE:          a.configure,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SuggestionsMinimumDistance: 2,
	}
	root.PersistentFlags().StringVar(&a.configFile, "config", "", "configuration `file` (default duosub.yaml here, else in $XDG_CONFIG_HOME/duosub)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usagef("%v", err) })
	root.AddGroup(
		&cobra.Group{ID: groupFiles, Title: "On files:"},
		&cobra.Group{ID: groupService, Title: "As a service:"},
		&cobra.Group{ID: groupOther, Title: "And:"},
	)
	root.SetHelpCommandGroupID(groupOther)
	root.SetCompletionCommandGroupID(groupOther)
	for _, c := range commands {
		cmd := c.make(a)
		cmd.GroupID = c.group
		cmd.DisableFlagsInUseLine = true
		root.AddCommand(cmd)
	}
	return root
}

// commands is the one list of commands.
var commands = []struct {
	group string
	make  func(*app) *cobra.Command
}{
	{groupFiles, newTranslateCommand},
	{groupFiles, newMergeCommand},
	{groupFiles, newCheckCommand},
	{groupService, newServeCommand},
	{groupService, newWorkerCommand},
	{groupService, newEnqueueCommand},
	{groupService, newJobsCommand},
	{groupOther, newVersionCommand},
}

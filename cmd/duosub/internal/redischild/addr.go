package redischild

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// maxSocketPath is what a unix socket's path may have on every system, the
// closing NUL left out (Linux has room for 108 bytes, macOS for 104).
const maxSocketPath = 103

func addrPath(dir string) string { return filepath.Join(dir, "redis.addr") }

// Find answers the address of the Redis that redis.addr in the data folder
// names, for a Redis client. Whether it answers is not looked at. It fails
// with KindNone where there is no such file.
func Find(dir string) (url string, err error) {
	url, err = readAddr(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", none(dir)
	}
	if err != nil {
		return "", folderError(dir, err)
	}
	return url, nil
}

// readAddr reads redis.addr: the path of a socket or, for a Redis inside a
// process, a URL.
func readAddr(dir string) (string, error) {
	data, err := os.ReadFile(addrPath(dir))
	if err != nil {
		return "", err
	}
	addr := strings.TrimSpace(string(data))
	if strings.HasPrefix(addr, "/") {
		return urlOf(addr), nil
	}
	return addr, nil
}

// writeAddr writes redis.addr as a whole: a reader never sees half of it. Only
// this user may read it, since the URL of a Redis inside a process carries a
// password.
func writeAddr(dir, url string) error {
	f, err := os.CreateTemp(dir, ".redis.addr-*")
	if err != nil {
		return folderError(dir, err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(strings.TrimPrefix(url, "unix://") + "\n")
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), addrPath(dir))
	}
	if err != nil {
		return folderError(dir, err)
	}
	return nil
}

func urlOf(socket string) string { return "unix://" + socket }

func isSocket(url string) bool { return strings.HasPrefix(url, "unix://") }

// socketPath is where the socket of a data folder lies: in a short folder,
// since a data folder can be deeper than a socket's path may be long, and the
// same for every process that comes by the same data folder.
func socketPath(dir, runtimeDir string) (string, error) {
	sum := sha256.Sum256([]byte(dir))
	hash := hex.EncodeToString(sum[:6])
	bases := []string{filepath.Join("/tmp", fmt.Sprintf("duosub-%d", os.Getuid()))}
	if runtimeDir == "" {
		runtimeDir = os.Getenv("XDG_RUNTIME_DIR")
	}
	if filepath.IsAbs(runtimeDir) {
		if fi, err := os.Stat(runtimeDir); err == nil && fi.IsDir() {
			bases = append([]string{filepath.Join(runtimeDir, "duosub")}, bases...)
		}
	}
	for _, base := range bases {
		path := filepath.Join(base, hash, "redis.sock")
		if len(path) <= maxSocketPath {
			return path, nil
		}
	}
	return "", &Error{Kind: KindFolder, Message: "there is no folder with a short enough path for the socket of a Redis"}
}

// makeSocketDir makes the folder of the socket and its parent, and refuses
// both where they are somebody else's or open to others: whoever can write
// there can put a Redis of their own in the place of ours.
func makeSocketDir(dir string) error {
	for _, d := range []string{filepath.Dir(dir), dir} {
		if err := os.Mkdir(d, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return folderError(d, err)
		}
		fi, err := os.Lstat(d)
		if err != nil {
			return folderError(d, err)
		}
		if !fi.IsDir() || !ownedByUs(fi) || fi.Mode().Perm()&0o077 != 0 {
			return &Error{Kind: KindFolder, Message: fmt.Sprintf(
				"the folder %s must belong to this user alone (mode 0700), for the socket of a Redis: remove it, or set XDG_RUNTIME_DIR", d)}
		}
	}
	return nil
}

// An answer is what came back from an address.
type answer int

const (
	silent  answer = iota // nobody listens
	foreign               // somebody else's Redis, or something else
	loads                 // ours; it reads its file, or is busy
	answers               // ours
)

// ask tells whether the Redis of a data folder answers at an address.
func ask(ctx context.Context, url, dir string) answer {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return foreign
	}
	client := redis.NewClient(impatient(opts))
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := client.Ping(ctx).Err(); err != nil {
		var re redis.Error
		switch {
		case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
			return silent
		case errors.As(err, &re) && redis.HasErrorPrefix(err, "LOADING"), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
			return loads
		case errors.As(err, &re):
			return foreign
		}
		return silent
	}
	if !isSocket(url) {
		// A Redis inside a process does not tell its folder; that our password
		// opened it is proof enough.
		return answers
	}
	conf, err := client.ConfigGet(ctx, "dir").Result()
	if err != nil {
		return foreign
	}
	theirs, err := os.Stat(conf["dir"])
	if err != nil {
		return foreign
	}
	ours, err := os.Stat(filepath.Join(dir, "redis"))
	if err != nil || !os.SameFile(theirs, ours) {
		return foreign
	}
	return answers
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// shutdown tells a Redis to write its file and end. The connection breaks
// before an answer comes, so there is none to look at.
func shutdown(ctx context.Context, url string) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return
	}
	client := redis.NewClient(impatient(opts))
	defer client.Close()
	client.Shutdown(ctx)
}

func impatient(opts *redis.Options) *redis.Options {
	opts.MaxRetries = -1
	opts.DialerRetries = 1
	opts.DialTimeout = 2 * time.Second
	opts.ReadTimeout = 5 * time.Second
	opts.PoolSize = 1
	opts.Protocol = 2
	opts.DisableIdentity = true
	return opts
}

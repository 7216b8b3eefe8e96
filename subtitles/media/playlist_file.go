package media

import (
	"context"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Beside answers what [ReadPlaylist] needs to read a playlist that is a file
// on this machine: its address, and an opener that opens it and the files in
// its folder and below, and nothing else, symbolic links out of the folder
// included. An address that leads elsewhere is an [*Error] of
// KindBadPlaylist.
func Beside(playlist string) (open Opener, address string, err error) {
	abs, err := filepath.Abs(playlist)
	if err != nil {
		return nil, "", err
	}
	own := filepath.ToSlash(abs)
	if !strings.HasPrefix(own, "/") {
		own = "/" + own // C:/…
	}
	inside := strings.TrimSuffix(path.Dir(own), "/") + "/"
	open = func(_ context.Context, address string) (io.ReadCloser, error) {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "file" || u.Host != "" {
			return nil, outside()
		}
		name := path.Clean(u.Path)
		if name == own {
			return os.Open(abs)
		}
		name, ok := strings.CutPrefix(name, inside)
		if !ok {
			return nil, outside()
		}
		root, err := os.OpenRoot(filepath.Dir(abs))
		if err != nil {
			return nil, err
		}
		defer root.Close()
		// Opening a pipe would wait for a writer.
		if st, err := root.Stat(filepath.FromSlash(name)); err != nil {
			return nil, err
		} else if !st.Mode().IsRegular() {
			return nil, &Error{Kind: KindBadPlaylist, Message: "the playlist names " + name + ", which is no regular file"}
		}
		return root.Open(filepath.FromSlash(name))
	}
	return open, (&url.URL{Scheme: "file", Path: own}).String(), nil
}

func outside() *Error {
	return &Error{Kind: KindBadPlaylist, Message: "the playlist names a file outside of its own folder, or on the web: put all segments beside it"}
}

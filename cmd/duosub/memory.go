package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/translate/redisstore"
)

// memories are the translation memories that --memory names.
type memories struct {
	// tmx holds what TMX files know; nil where none was given.
	tmx translate.FuzzyMemory
	// redis is the address of a Redis; empty where none was given.
	redis string
}

func openMemories(values []string) (memories, error) {
	var m memories
	var files []string
	for _, v := range values {
		if isRedisURL(v) {
			if m.redis != "" {
				return m, usagef("--memory names two Redis servers: one of them is enough")
			}
			m.redis = v
			continue
		}
		files = append(files, v)
	}
	tmx, err := openTMX(files)
	if err != nil {
		return m, err
	}
	m.tmx = tmx
	return m, nil
}

// fileMemory is the memory of a command without Redis: an append-only file in
// the data folder, so that a crash never buys twice.
const fileMemory = "memory.log"

// openMemory makes the memory of the command translate: what TMX files know
// on top of what is kept in a Redis or in the data folder.
func (a *app) openMemory(ctx context.Context, m memories, dataFlag string) (_ translate.Memory, closeMemory func() error, err error) {
	var own translate.Memory
	if m.redis != "" {
		client, err := connectRedis(ctx, m.redis)
		if err != nil {
			return nil, nil, err
		}
		own, closeMemory = redisstore.New(client, redisstore.Options{}), client.Close
	} else {
		dir, err := a.dataFolder(dataFlag)
		if err != nil {
			return nil, nil, err
		}
		f, err := translate.OpenFileMemory(filepath.Join(dir, fileMemory))
		if err != nil {
			return nil, nil, err
		}
		own, closeMemory = f, f.Close
	}
	return withTMX(own, m.tmx), closeMemory, nil
}

// withTMX puts TMX files behind a memory that keeps.
func withTMX(own translate.Memory, tmx translate.FuzzyMemory) translate.Memory {
	if tmx == nil {
		return own
	}
	return translate.Layered(own, tmx)
}

func isRedisURL(s string) bool {
	for _, scheme := range []string{"redis://", "rediss://", "unix://"} {
		if strings.HasPrefix(s, scheme) {
			return true
		}
	}
	return false
}

// openTMX reads TMX files as one memory, nil where there are none.
func openTMX(paths []string) (translate.FuzzyMemory, error) {
	var all []translate.TMXUnit
	for _, path := range paths {
		units, err := readTMX(path)
		if err != nil {
			return nil, err
		}
		all = append(all, units...)
	}
	if len(paths) == 0 {
		return nil, nil
	}
	return translate.NewTMX(all), nil
}

func readTMX(path string) ([]translate.TMXUnit, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, failf("the memory %s", sentence(err))
	}
	defer f.Close()
	tmx, err := translate.ReadTMX(f)
	if err != nil {
		return nil, failf("the memory %s: %s", path, sentence(err))
	}
	return tmx.Units(), nil
}

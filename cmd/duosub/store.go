package main

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/fileblob"  // file://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/memblob"   // mem://
	_ "gocloud.dev/blob/s3blob"    // s3://
)

// openStore opens the blob store that --store names (a URL, or the path of a
// folder), else the folder "store" in the data folder. address is the store's
// URL, by which jobs may name files in it.
func (a *app) openStore(ctx context.Context, flag, dataFlag string) (_ *blob.Bucket, address string, err error) {
	if flag == "" {
		dir, err := a.dataFolder(dataFlag)
		if err != nil {
			return nil, "", err
		}
		flag = filepath.Join(dir, "store")
	}
	address, err = storeURL(flag)
	if err != nil {
		return nil, "", err
	}
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, "", failf("the store %s cannot be opened: %s", redacted(address), sentence(err))
	}
	return bucket, address, nil
}

// storeURL completes the address of a store. A folder always has the options
// without which temporary files cross file systems and files with attributes
// lie beside the outputs.
func storeURL(flag string) (string, error) {
	if !strings.Contains(flag, "://") {
		abs, err := filepath.Abs(flag)
		if err != nil {
			return "", usagef("the store %s cannot be used: %s", flag, sentence(err))
		}
		u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}
		flag = u.String()
	}
	u, err := url.Parse(flag)
	if err != nil || u.User != nil {
		return "", usagef("the store must be a folder or a URL such as s3://bucket?region=… or gs://bucket, without user and password")
	}
	if u.Scheme == "file" {
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("no_tmp_dir", "true")
		q.Set("metadata", "skip")
		u.RawQuery = q.Encode()
	}
	return u.String(), nil
}

#!/bin/sh
# Makes the pictures of the READMEs: the demo's vlogs, translated from the
# memory, as Chromium shows them over the drawings of testdata/scenes/. Look at
# docs/pictures/ before committing them.
set -eu
cd "$(dirname "$0")/.."
mkdir -p docs/pictures
DUOSUB_REQUIRE=1 go test -count=1 ./worker -run '^TestReadmePictures$' -pictures
ls -l docs/pictures

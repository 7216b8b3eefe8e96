#!/bin/sh
# Runs every fuzz target for FUZZTIME (20s), one after the other. A failure
# leaves its input in the package's testdata/fuzz, and the others still run.
set -eu
cd "$(dirname "$0")/.."
go=${GO:-go}
failed=0
for package in $("$go" list ./...); do
	for target in $("$go" test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "== $package $target"
		"$go" test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-20s}" "$package" || failed=1
	done
done
exit $failed

#!/bin/sh
# Runs every fuzz target for FUZZTIME (20s), one after the other. A failure
# leaves its input in the package's testdata/fuzz, and the others still run.
set -eu
cd "$(dirname "$0")/.."
go=${GO:-go}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
for package in $("$go" list ./...); do
	for target in $("$go" test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "== $package $target"
		if "$go" test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-20s}" "$package" >"$log" 2>&1; then
			tail -n 1 "$log"
		elif grep -q '^ *context deadline exceeded$' "$log" && ! grep -q 'Failing input written' "$log"; then
			# A busy worker at the end of the time: go test calls that a
			# failure, but nothing was found.
			echo "ok (stopped while busy)"
		else
			cat "$log"
			failed=1
		fi
	done
done
exit $failed

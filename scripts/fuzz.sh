#!/bin/sh
# Runs fuzz targets for FUZZTIME (20s) each, one after the other: those whose
# name matches the regular expression FUZZ (all) in the packages PKG (./...).
# A failure leaves its input in the package's testdata/fuzz; the others still
# run, and the script fails in the end.
#
# Memory is bounded: FUZZWORKERS (2) processes at once, each with at most
# FUZZMEMORY KiB of addresses (6291456, 6 GiB; Go takes far more of them than
# it uses), so that an input that exhausts memory ends its worker and is
# found, instead of ending the machine.
set -eu
cd "$(dirname "$0")/.."
go=${GO:-go}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
ulimit -v "${FUZZMEMORY:-6291456}" 2>/dev/null || echo "fuzz: memory cannot be limited here" >&2
failed=0
ran=0
packages=$("$go" list ${PKG:-./...})
for package in $packages; do
	listed=$("$go" test -list '^Fuzz' "$package")
	for target in $(printf '%s\n' "$listed" | grep '^Fuzz' | grep -E -- "${FUZZ:-.}" || true); do
		ran=$((ran + 1))
		echo "== $package $target"
		if "$go" test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-20s}" -parallel "${FUZZWORKERS:-2}" "$package" >"$log" 2>&1; then
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
if [ "$ran" = 0 ]; then
	echo "fuzz: no target is named like ${FUZZ:-.} in ${PKG:-./...}" >&2
	exit 1
fi
exit $failed

#!/bin/sh
# The whole way of a job on one machine, without a key and without cost: a
# service with a Redis of its own translates both vlogs of testdata/ from a
# translation memory and a glossary. What it makes stays in demo/.
set -eu
cd "$(dirname "$0")/.."
duosub=${DUOSUB:-bin/duosub}
data=demo
server=

stop() {
	if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
		kill -TERM "$server"
		wait "$server" || true
	fi
	server=
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

[ -x "$duosub" ] || go build -trimpath -ldflags='-s -w' -o "$duosub" ./cmd/duosub

# Settings of the caller's own shell shall not change the demo.
unset DUOSUB_REDIS DUOSUB_STORE DUOSUB_BACKEND DUOSUB_GLOSSARY DUOSUB_MEMORY DUOSUB_PAIR DUOSUB_FORMATS DUOSUB_CONFIG DUOSUB_TOKEN 2>/dev/null || true

rm -rf "$data"
mkdir -p "$data"
echo "Starting a service of its own (queue, worker, HTTP) in $data/ …"
"$duosub" serve --data "$data" --listen 127.0.0.1:0 --backend none \
	--memory testdata/vlog.tmx --glossary testdata/glossary.csv >"$data/serve.log" 2>&1 &
server=$!

# The service is there once enqueue can find its Redis.
tries=0
until [ -s "$data/redis.addr" ]; do
	tries=$((tries + 1))
	if [ $tries -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
		echo "the service did not start:" >&2
		cat "$data/serve.log" >&2
		exit 1
	fi
	sleep 0.1
done

"$duosub" enqueue --data "$data" --wait testdata/vlog.en.srt testdata/vlog.zh-Hans.srt

for dual in $(find "$data" -name '*.dual.vtt' | sort); do
	echo
	echo "The first cues of $dual:"
	echo
	# Four cues: the blocks 2 to 5, the first being the header.
	awk 'BEGIN { RS = ""; ORS = "\n\n" } NR >= 2 && NR <= 5' "$dual" | sed '/./s/^/    /'
done

echo "All files:"
find "$data" \( -name '*.vtt' -o -name '*.srt' -o -name '*.dual.json' \) -path '*jobs*' | sort | sed 's/^/    /'
count=$(find "$data" -name '*.dual.vtt' | wc -l)
if [ "$count" -ne 2 ]; then
	echo "two dual tracks were expected, $count are there; see $data/serve.log" >&2
	exit 1
fi

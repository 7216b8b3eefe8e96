#!/bin/sh
# Makes the videos of this folder from ffmpeg's test sources and the vlogs'
# subtitle tracks: small pictures at one frame a second, no sound. Needs the
# Debian packages ffmpeg and mkvtoolnix. The same versions of these give the
# same bytes.
set -eu
cd "$(dirname "$0")"

picture() { # seconds, output
	ffmpeg -v error -nostdin -y -f lavfi -i "color=c=0x2a6f97:s=160x90:r=1:d=$1" \
		-c:v libx264 -preset veryslow -crf 51 -pix_fmt yuv420p -bitexact "$2"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
picture 200 "$tmp/picture.mp4"

# MP4 with the English track (mov_text) and one with the Chinese track.
ffmpeg -v error -nostdin -y -i "$tmp/picture.mp4" -i ../vlog.en.srt \
	-map 0:v -map 1 -c:v copy -c:s mov_text -metadata:s:s:0 language=eng \
	-metadata:s:s:0 handler_name=English -bitexact -movflags +faststart vlog.mp4
ffmpeg -v error -nostdin -y -i "$tmp/picture.mp4" -i ../vlog.zh-Hans.srt \
	-map 0:v -map 1 -c:v copy -c:s mov_text -metadata:s:s:0 language=chi \
	-metadata:s:s:0 handler_name=简体中文 -bitexact -movflags +faststart vlog.zh-Hans.mp4

# Matroska with the signs in the picture as a forced track, which comes first,
# and the full English track.
mkvmerge --quiet --deterministic duosub -o vlog.mkv --title "One Saturday in Shanghai" \
	"$tmp/picture.mp4" \
	--language 0:en --track-name "0:English (signs)" --forced-display-flag 0:yes --default-track-flag 0:yes signs.en.srt \
	--language 0:en-US --track-name 0:English --default-track-flag 0:no ../vlog.en.srt

# A video without subtitles.
picture 5 silent.mp4

package media

import (
	"bytes"
	"encoding/binary"
)

// HeadBytes is how much of a file's beginning IsVideo looks at.
const HeadBytes = 1024

// demuxers are the input formats that ffmpeg may use, by its own names. A
// playlist or a list of files to join is not among them: such a file could
// make ffmpeg open other files.
const demuxers = "mov,matroska,avi,flv,asf,mpegts,mpeg,ogg"

// IsVideo reports whether a file that begins with head is a video, by its
// content. Containers that never hold text subtitles (AVI, FLV, …) count too,
// so that they are refused for that and not for being odd subtitle files.
func IsVideo(head []byte) bool {
	switch {
	case isMatroska(head),
		len(head) >= 12 && bytes.HasPrefix(head, []byte("RIFF")) && string(head[8:12]) == "AVI ",
		bytes.HasPrefix(head, []byte("FLV\x01")),
		bytes.HasPrefix(head, asfHeader),
		bytes.HasPrefix(head, []byte("\x00\x00\x01\xBA")), // MPEG program stream
		bytes.HasPrefix(head, []byte("OggS\x00")):
		return true
	}
	return isMP4(head) || isTransportStream(head)
}

// isMatroska knows Matroska and WebM by the EBML header (RFC 8794 §11.2.1).
func isMatroska(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1A\x45\xDF\xA3")) }

var asfHeader = []byte("\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C")

// isMP4 knows MP4 and QuickTime files by the type of their first box (ISO/IEC
// 14496-12; files from before 2001 have no ftyp).
func isMP4(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	size := binary.BigEndian.Uint32(head)
	switch string(head[4:8]) {
	case "ftyp", "styp", "wide", "free", "skip", "pnot":
		return size >= 8 && size < 1<<24
	case "moov":
		return size >= 8 && size < 1<<29 // beyond, the size is four letters
	case "mdat": // 1: a 64-bit size follows; 0: up to the end
		return size <= 1 || size >= 8
	}
	return false
}

// isTransportStream looks for the sync byte of three packets of 188 bytes.
func isTransportStream(head []byte) bool {
	const packet = 188
	return len(head) > 2*packet && head[0] == 0x47 && head[packet] == 0x47 && head[2*packet] == 0x47
}

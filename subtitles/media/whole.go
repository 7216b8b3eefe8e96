package media

import (
	"encoding/binary"
	"io"
)

// whole reports whether a file holds all the bytes that its own structure
// speaks of. ffprobe takes a video whose end is missing (an upload that broke
// off) without a complaint and lists the subtitles of its first part as if
// they were all. Containers other than MP4 and Matroska are taken as whole.
func whole(r io.ReaderAt, size int64) bool {
	head := make([]byte, HeadBytes)
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	switch {
	case isMatroska(head):
		return wholeMatroska(head, size)
	case isMP4(head):
		return wholeMP4(r, size)
	}
	return true
}

// wholeMP4 walks over the top-level boxes (ISO/IEC 14496-12 §4.2). Junk at the
// end is common and harmless; a picture or an index that reaches beyond the
// end is not, nor a file without an index.
func wholeMP4(r io.ReaderAt, size int64) bool {
	const maxBoxes = 1 << 20 // a fragmented video has two in every second or so
	index := false
	at := int64(0)
	for range maxBoxes {
		var head [16]byte
		if n, _ := r.ReadAt(head[:], at); n < 8 {
			break
		}
		length := int64(binary.BigEndian.Uint32(head[:]))
		switch length {
		case 0: // up to the end of the file
			length = size - at
		case 1:
			length = int64(binary.BigEndian.Uint64(head[8:]))
		}
		switch string(head[4:8]) {
		case "moov":
			index = true
			fallthrough
		case "mdat", "moof":
			if length < 8 || length > size-at {
				return false
			}
		}
		if length < 8 || length > size-at {
			break
		}
		at += length
	}
	return index
}

// wholeMatroska compares the size that the Segment states with the file's.
func wholeMatroska(head []byte, size int64) bool {
	headerLength, n, ok := ebmlSize(head[4:]) // behind the EBML header's ID
	if !ok || headerLength < 0 {
		return true
	}
	at := 4 + int64(n) + headerLength
	const segmentID = "\x18\x53\x80\x67"
	if at < 0 || at > int64(len(head))-5 || string(head[at:at+4]) != segmentID {
		return true // something unusual comes first; ffprobe will tell
	}
	length, n, ok := ebmlSize(head[at+4:])
	if !ok || length < 0 {
		return true // unknown size: written live
	}
	return length <= size-(at+4+int64(n))
}

// ebmlSize reads an element's data size (RFC 8794 §6): its value, -1 for
// "unknown", and how many bytes it takes.
func ebmlSize(b []byte) (value int64, n int, ok bool) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0, false
	}
	n = 1
	for mask := byte(0x80); b[0]&mask == 0; mask >>= 1 {
		n++
	}
	if len(b) < n {
		return 0, 0, false
	}
	value = int64(b[0]) & (1<<(8-n) - 1)
	for _, c := range b[1:n] {
		value = value<<8 | int64(c)
	}
	if value == 1<<(7*n)-1 {
		value = -1
	}
	return value, n, true
}

package translate

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"unicode/utf8"

	"github.com/duosub/duosub/subtitles"
	"golang.org/x/text/language"
)

// keyDomain separates these hashes from all others and changes when what goes
// into a key changes: entries under old keys are then simply not found.
const keyDomain = "duosub memory key 1"

// ShortText is the length in code points under which a text does not stand for
// itself: "Right." means something else after "Turn where?" than after "You
// are wrong." The neighbours of a shorter text are part of its key.
const ShortText = 12

// MakeKey makes the key of a unit: of its joined text, and of the joined texts
// of the units before and after it (empty at the start and the end of a track)
// where the normalised text has fewer than [ShortText] code points. All three
// are normalised and both tags made canonical here, so that callers need not.
// Fields are hashed with their lengths: no two different inputs share a key by
// the way they are cut.
func MakeKey(tenant string, source, target language.Tag, text, prev, next string) Key {
	h := sha256.New()
	hashField(h, keyDomain)
	hashField(h, tenant)
	hashField(h, subtitles.Canonical(source).String())
	hashField(h, subtitles.Canonical(target).String())
	text = subtitles.Normalize(text)
	hashField(h, text)
	if isShort(text) {
		hashField(h, subtitles.Normalize(prev))
		hashField(h, subtitles.Normalize(next))
	}
	var key Key
	copy(key[:], h.Sum(nil))
	return key
}

// isShort reports whether a normalised text needs its neighbours to mean
// something.
func isShort(text string) bool {
	// A code point has at most utf8.UTFMax bytes; this spares counting.
	return len(text) < ShortText*utf8.UTFMax && utf8.RuneCountInString(text) < ShortText
}

// hashField writes one field with its length before it.
func hashField(h hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	h.Write(n[:])
	h.Write([]byte(s))
}

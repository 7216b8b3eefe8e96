package subtitles

import (
	"sync"
	"unicode"
)

const (
	oneSidedHans = 1
	oneSidedHant = 2
)

// scriptTable tells for each character of the BMP's Han blocks (from U+3400)
// whether it occurs in one of the two Chinese scripts only.
var scriptTable = sync.OnceValue(func() *[0xA000 - 0x3400]uint8 {
	t := new([0xA000 - 0x3400]uint8)
	for side, list := range map[uint8]string{oneSidedHans: hansOnly, oneSidedHant: hantOnly} {
		for _, r := range list {
			if r >= 0x3400 && r < 0xA000 {
				t[r-0x3400] = side
			}
		}
	}
	return t
})

// ScriptOf counts a text's Han characters: those that occur in Simplified
// Chinese only (们, 这), all of them, and those that occur in Traditional
// Chinese only (們, 這). Most characters are common to both. The lists are
// OpenCC's.
func ScriptOf(text string) (hans, han, hant int) {
	t := scriptTable()
	for _, r := range text {
		if r < 0x2E80 {
			continue
		}
		if r >= 0x3400 && r < 0xA000 {
			han++
			switch t[r-0x3400] {
			case oneSidedHans:
				hans++
			case oneSidedHant:
				hant++
			}
		} else if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return hans, han, hant
}

// sideOf is the script that alone writes a character; zero where both do.
func sideOf(r rune) uint8 {
	if r < 0x3400 || r >= 0xA000 {
		return 0
	}
	return scriptTable()[r-0x3400]
}

package hanzi

import (
	"bytes"
	"compress/flate"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// The tables were made by ../gen/hanzi from OpenCC's dictionaries and lists of
// our own.
//
//go:embed tables/*.bin
var tables embed.FS

// A table file is a DEFLATE stream (RFC 1951) of five columns: how many
// entries there are and how long the other columns are, as uvarints; for each
// entry how many characters it shares with the one before it; how many follow;
// these characters as UTF-8; and the values, each ended by a LF, an empty one
// where the value is that of the entry's characters one by one.

// WriteTable writes a dictionary in the form that this package embeds. The
// pairs may come in any order; of doubles the first stands.
func WriteTable(w io.Writer, pairs []Pair) error {
	pairs = sorted(pairs)
	single := make(map[rune]string)
	for _, p := range pairs {
		if r, size := utf8.DecodeRuneInString(p.From); size == len(p.From) {
			single[r] = p.To
		}
	}
	var shared, more, tails, values []byte
	before := []rune{}
	for _, p := range pairs {
		key := []rune(p.From)
		n := 0
		for n < len(key) && n < len(before) && key[n] == before[n] {
			n++
		}
		if len(key) == 0 || len(key) > 255 || strings.Contains(p.To, "\n") {
			return fmt.Errorf("hanzi: an entry that no table can hold: %q", p)
		}
		shared, more = append(shared, byte(n)), append(more, byte(len(key)-n))
		tails = append(tails, string(key[n:])...)
		if len(key) == 1 || p.To != oneByOne(key, single) {
			values = append(values, p.To...)
		}
		values = append(values, '\n')
		before = key
	}
	var head []byte
	for _, n := range []int{len(pairs), len(tails), len(values)} {
		head = binary.AppendUvarint(head, uint64(n))
	}
	z, err := flate.NewWriter(w, flate.BestCompression)
	if err != nil {
		return err
	}
	for _, column := range [][]byte{head, shared, more, tails, values} {
		if _, err := z.Write(column); err != nil {
			return err
		}
	}
	return z.Close()
}

func oneByOne(key []rune, single map[rune]string) string {
	var b strings.Builder
	for _, r := range key {
		if to, ok := single[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// errTable is what a damaged table gives; the embedded ones are never damaged.
var errTable = errors.New("hanzi: damaged table")

// readTable reads what WriteTable wrote.
func readTable(file []byte) ([]Pair, error) {
	z := flate.NewReader(bytes.NewReader(file))
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, errors.Join(errTable, err)
	}
	var sizes [3]int
	for i := range sizes {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > uint64(len(data)) {
			return nil, errTable
		}
		sizes[i], data = int(n), data[size:]
	}
	n := sizes[0]
	if len(data) != 2*n+sizes[1]+sizes[2] {
		return nil, errTable
	}
	shared, more, tails, values := data[:n], data[n:2*n], string(data[2*n:2*n+sizes[1]]), string(data[2*n+sizes[1]:])

	pairs := make([]Pair, n)
	key := make([]byte, 0, 64) // the entry's bytes
	var ends [256]int          // where its characters end
	var arena strings.Builder  // all keys behind each other: few allocations
	arena.Grow(4 * len(tails))
	for i := range pairs {
		length := int(shared[i]) + int(more[i])
		if length > 255 || i == 0 && shared[0] > 0 {
			return nil, errTable
		}
		key = key[:ends[shared[i]]]
		for c := int(shared[i]); c < length; c++ {
			_, size := utf8.DecodeRuneInString(tails)
			if size == 0 {
				return nil, errTable
			}
			key = append(key, tails[:size]...)
			tails = tails[size:]
			ends[c+1] = len(key)
		}
		from := arena.Len()
		arena.Write(key)
		pairs[i].From = arena.String()[from:]
		end := strings.IndexByte(values, '\n')
		if end < 0 {
			return nil, errTable
		}
		pairs[i].To, values = values[:end], values[end+1:]
	}
	return pairs, nil
}

// load makes the dictionary of a table's name.
func load(name string) *dictionary {
	file, err := tables.ReadFile("tables/" + name + ".bin")
	if err == nil {
		var pairs []Pair
		if pairs, err = readTable(file); err == nil {
			return newDictionary(pairs)
		}
	}
	panic("hanzi: the table " + name + " is embedded and sound: " + err.Error())
}

package translate

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/duosub/duosub/subtitles"
)

// The file of a FileMemory is lines of text. The first one is fileHeader; each
// other one is an entry:
//
//	<CRC-32C of what follows the first space, 8 hex digits> <key, 32 hex digits> <entry as EncodeEntry writes it>
//
// Later lines supersede earlier ones of the same key, unless their origin is
// lower. Bytes after the last line feed are what a crash left of a write.
const (
	fileHeader = "duosub memory 1\n"
	// maxFileLine bounds a line: longer ones are damaged.
	maxFileLine = 4 << 20
	crcDigits   = 8
	keyDigits   = 2 * KeySize
	// valueAt is where in a line the entry begins.
	valueAt = crcDigits + 1 + keyDigits + 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendFileLine appends the line of an entry.
func appendFileLine(buf []byte, key Key, value []byte) []byte {
	start := len(buf)
	buf = append(buf, "00000000 "...)
	buf = hex.AppendEncode(buf, key[:])
	buf = append(buf, ' ')
	buf = append(buf, value...)
	hex.Encode(buf[start:], lineSum(buf[start:]))
	return append(buf, '\n')
}

// lineSum is the checksum of a line without its line feed.
func lineSum(line []byte) []byte {
	sum := crc32.Checksum(line[crcDigits+1:], castagnoli)
	return []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}
}

// parseFileLine takes a line, with its line feed, apart.
func parseFileLine(line []byte) (key Key, value []byte, ok bool) {
	if len(line) <= valueAt+entryHead || line[len(line)-1] != '\n' || line[crcDigits] != ' ' || line[valueAt-1] != ' ' {
		return key, nil, false
	}
	line = line[:len(line)-1]
	var sum [crcDigits / 2]byte
	if _, err := hex.Decode(sum[:], line[:crcDigits]); err != nil || !bytes.Equal(sum[:], lineSum(line)) {
		return key, nil, false
	}
	if _, err := hex.Decode(key[:], line[crcDigits+1:valueAt-1]); err != nil {
		return key, nil, false
	}
	return key, line[valueAt:], true
}

// reopen opens the file that is at the path now, makes it if there is none,
// and indexes it. It is locked for writing.
func (m *FileMemory) reopen() error {
	file, err := os.OpenFile(m.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := m.adopt(file); err != nil {
		return errors.Join(err, file.Close())
	}
	return nil
}

// adopt makes an open file the memory's, having looked at its header and
// indexed it. The old file is closed.
func (m *FileMemory) adopt(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	notOurs := &subtitles.Error{Kind: subtitles.ErrMalformed,
		Message: "the file " + m.path + " is no translation memory of this version: move it away or choose another"}
	if !info.Mode().IsRegular() {
		return notOurs
	}
	head := make([]byte, len(fileHeader))
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case string(head[:n]) == fileHeader:
	case n == int(info.Size()) && n < len(fileHeader) && fileHeader[:n] == string(head[:n]):
		// New, or the process that made it was killed at once.
		if _, err := file.WriteAt([]byte(fileHeader), 0); err != nil {
			return err
		}
	default:
		return notOurs
	}
	if info.Mode().Perm()&0o077 != 0 {
		// Some file systems know no permissions; that is no reason to stop.
		_ = file.Chmod(0o600)
	}
	old := m.fileIndex
	m.fileIndex = fileIndex{file: file, info: info, end: int64(len(fileHeader)), spans: map[Key]fileSpan{}}
	if err := m.load(); err != nil {
		m.fileIndex = old
		return err
	}
	if old.file != nil {
		_ = old.file.Close() // it was only read from since it was replaced
	}
	return nil
}

// load indexes the lines from m.end on.
func (m *FileMemory) load() error {
	info, err := m.file.Stat()
	if err != nil {
		return err
	}
	rest := info.Size() - m.end
	if rest <= 0 {
		return nil
	}
	r := bufio.NewReaderSize(io.NewSectionReader(m.file, m.end, rest), int(min(rest+1, 1<<18)))
	var long []byte // a line that is longer than the reader's buffer
	length := int64(0)
	for {
		line, err := r.ReadSlice('\n')
		length += int64(len(line))
		if errors.Is(err, bufio.ErrBufferFull) {
			if len(long) <= maxFileLine {
				long = append(long, line...)
			}
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil // what is left has no end: torn, or being written
		}
		if err != nil {
			return err
		}
		if len(long) > 0 {
			long = append(long, line...)
			line = long
		}
		key, value, ok := parseFileLine(line)
		if ok && length <= maxFileLine && value[0] == entryVersion && value[1] >= '1' && value[1] <= '3' {
			m.put(key, fileSpan{m.end, int32(length), int8(value[1] - '0')})
		} else {
			m.damaged++
		}
		m.end += length
		long, length = long[:0], 0
	}
}

// readLine reads the line of a span, into buf if it fits.
func (m *FileMemory) readLine(span fileSpan, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf[:0], int(span.length))[:span.length]
	if _, err := m.file.ReadAt(buf, span.offset); err != nil && !errors.Is(err, io.EOF) {
		return buf, err
	}
	return buf, nil
}

// changed reports whether the file at the path is another one than is open, or
// of another size than is indexed.
func (m *FileMemory) changed() bool {
	info, err := os.Stat(m.path)
	return err == nil && (info.Size() != m.end || !os.SameFile(info, m.info))
}

// refresh indexes what others did to the file: appended, compacted or removed
// it. The file is locked.
func (m *FileMemory) refresh() error {
	info, err := os.Stat(m.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m.reopen()
	case err != nil:
		return err
	case info.Size() < m.end || !os.SameFile(info, m.info):
		return m.reopen()
	case info.Size() > m.end:
		return m.load()
	}
	return nil
}

// cutTorn cuts off what a crash left behind the last line. The file is locked
// for writing, so that nobody is about to end that line.
func (m *FileMemory) cutTorn() error {
	info, err := m.file.Stat()
	if err != nil || info.Size() <= m.end {
		return err
	}
	if err := m.file.Truncate(m.end); err != nil {
		return err
	}
	m.torn += info.Size() - m.end
	return nil
}

// compact writes the file anew if more than half of it is superseded. It is
// locked for writing. A failure is none of the memory: the old file is good.
func (m *FileMemory) compact() {
	if dead := m.end - int64(len(fileHeader)) - m.live; m.end < fileCompactFrom || dead <= m.end/2 {
		return
	}
	temp := m.path + ".tmp"
	file, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	if err = m.copyLive(file); err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = os.Rename(temp, m.path)
	}
	if err != nil {
		_ = file.Close()
		_ = os.Remove(temp)
		return
	}
	if dir, err := os.Open(filepath.Dir(m.path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
	if err := m.adopt(file); err != nil {
		// The next one to store opens it again.
		_ = file.Close()
	}
}

// copyLive writes the header and the lines that count, in their old order.
func (m *FileMemory) copyLive(to io.Writer) error {
	spans := make([]fileSpan, 0, len(m.spans))
	for _, span := range m.spans {
		spans = append(spans, span)
	}
	slices.SortFunc(spans, func(a, b fileSpan) int { return cmp.Compare(a.offset, b.offset) })
	w := bufio.NewWriterSize(to, 1<<18)
	w.WriteString(fileHeader)
	var line []byte
	var err error
	for _, span := range spans {
		if line, err = m.readLine(span, line); err != nil {
			return err
		}
		w.Write(line)
	}
	return w.Flush()
}

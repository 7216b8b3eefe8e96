package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// redrawEvery bounds how often a bar is drawn.
const redrawEvery = 100 * time.Millisecond

// A progressBar shows how far the work has come, over all inputs together.
type progressBar struct {
	t    *terminal
	what string // what is counted: "sentences"

	mu    sync.Mutex
	parts map[string]*part
	order []string
	drawn time.Time
}

// part is the way of one input.
type part struct {
	done, total int
	quarter     int // the last quarter that was told
}

// progress begins to show progress. At most one bar is shown at a time.
func (t *terminal) progress(what string) *progressBar {
	b := &progressBar{t: t, what: what, parts: map[string]*part{}}
	if t.bars {
		t.mu.Lock()
		t.bar = b
		t.mu.Unlock()
	}
	return b
}

// set tells how far one input has come.
func (b *progressBar) set(name string, done, total int) {
	b.mu.Lock()
	p := b.parts[name]
	if p == nil {
		p = &part{}
		b.parts[name] = p
		b.order = append(b.order, name)
	}
	p.done, p.total = done, total
	quarter := 0
	if total > 0 {
		quarter = 4 * done / total
	}
	tell := quarter > p.quarter
	p.quarter = max(p.quarter, quarter)
	draw := time.Since(b.drawn) >= redrawEvery || total > 0 && done == total
	if draw {
		b.drawn = time.Now()
	}
	b.mu.Unlock()

	if !b.t.bars {
		if tell {
			b.t.say("%s: %d of %d %s", name, done, total, b.what)
		}
		return
	}
	if draw {
		b.t.mu.Lock()
		b.t.drawBar()
		b.t.mu.Unlock()
	}
}

// end takes the bar away.
func (b *progressBar) end() {
	b.t.mu.Lock()
	defer b.t.mu.Unlock()
	if b.t.bar == b {
		b.t.clearBar()
		b.t.bar = nil
	}
}

// begun reports whether there is anything to show.
func (b *progressBar) begun() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.order) > 0
}

// line is the bar, at most width columns wide.
func (b *progressBar) line(width int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	done, total, finished := 0, 0, 0
	for _, name := range b.order {
		p := b.parts[name]
		done, total = done+p.done, total+p.total
		if p.total > 0 && p.done == p.total {
			finished++
		}
	}
	tail := fmt.Sprintf(" %d/%d %s", done, total, b.what)
	if len(b.order) > 1 {
		tail += fmt.Sprintf(", %d of %d files", finished, len(b.order))
	}
	cells := max(min(width-len(tail)-8, 40), 10)
	full, percent := 0, 0
	if total > 0 {
		full, percent = cells*done/total, 100*done/total
	}
	return fmt.Sprintf("[%s%s] %3d%%%s", strings.Repeat("=", full), strings.Repeat(" ", cells-full), percent, tail)
}

// clearBar and drawBar are called with the terminal's lock held, around
// everything else that is written.
func (t *terminal) clearBar() {
	if t.bar != nil {
		fmt.Fprint(t.err, "\r\x1b[K")
	}
}

func (t *terminal) drawBar() {
	if t.bar == nil || !t.bar.begun() {
		return
	}
	width := 80
	if f, ok := t.err.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			width = w
		}
	}
	fmt.Fprint(t.err, "\r\x1b[K"+t.bar.line(width))
}

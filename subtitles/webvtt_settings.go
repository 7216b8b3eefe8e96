package subtitles

import (
	"math"
	"strconv"
	"strings"
)

// regionSet holds the identifiers of a file's regions.
type regionSet map[string]struct{}

// parseVTTSettings parses what stands behind a cue's times (WebVTT §6.2).
// Settings that are unknown, ill-formed or name an unknown region are ignored,
// as the specification says. The result is nil where every setting has its
// default; values that equal the default are left at zero. all reports whether
// every word was a valid setting, which the specification does not ask for.
func parseVTTSettings(s string, regions regionSet) (set *Settings, all bool) {
	var c Settings
	all = true
	for word := range strings.FieldsFuncSeq(s, isVTTSpace) {
		name, value, ok := cutSetting(word)
		if !ok || !c.apply(name, value, regions) {
			all = false
		}
	}
	if c == (Settings{}) {
		return nil, all
	}
	return &c, all
}

func isVTTSpace(r rune) bool { return r < 0x80 && strings.IndexByte(vttSpace, byte(r)) >= 0 }

// cutSetting splits "name:value"; neither may be empty.
func cutSetting(word string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(word, ":")
	return name, value, ok && name != "" && value != ""
}

// apply sets one setting and reports whether it was a valid one.
func (c *Settings) apply(name, value string, regions regionSet) bool {
	switch name {
	case "region":
		c.Region = ""
		if _, ok := regions[value]; ok {
			c.Region = value
		}
		return c.Region != ""
	case "vertical":
		if value != "rl" && value != "lr" {
			return false
		}
		// Direction, line and size take a cue out of a region that was named
		// before them.
		c.Vertical, c.Region = value, ""
	case "line":
		return c.applyLine(value)
	case "position":
		return c.applyPosition(value)
	case "size":
		size, ok := vttPercentage(value)
		if !ok {
			return false
		}
		c.Size = nil
		if size != 100 {
			c.Size, c.Region = &size, ""
		}
	case "align":
		switch value {
		case "start", "end", "left", "right":
			c.Align = value
		case "center":
			c.Align = ""
		default:
			return false
		}
	default:
		return false
	}
	return true
}

func (c *Settings) applyLine(value string) bool {
	position, align, hasAlign := strings.Cut(value, ",")
	percent := strings.HasSuffix(position, "%")
	var line float64
	var ok bool
	if percent {
		line, ok = vttPercentage(position)
	} else {
		line, ok = vttLineNumber(position)
	}
	if !ok {
		return false
	}
	switch {
	case !hasAlign:
	case align == "start":
		c.LineAlign = ""
	case align == "center", align == "end":
		c.LineAlign = align
	default:
		return false
	}
	c.Line, c.LinePercent, c.Region = &line, percent, ""
	return true
}

func (c *Settings) applyPosition(value string) bool {
	column, align, hasAlign := strings.Cut(value, ",")
	position, ok := vttPercentage(column)
	if !ok {
		return false
	}
	switch {
	case !hasAlign:
	case align == "line-left", align == "center", align == "line-right":
		c.PositionAlign = align
	default:
		return false
	}
	c.Position = &position
	return true
}

// vttPercentage is "parse a percentage string": digits, at most one point with
// digits on both sides, a percent sign, between 0 and 100.
func vttPercentage(s string) (float64, bool) {
	digits, ok := strings.CutSuffix(s, "%")
	if !ok || !isVTTDecimal(digits) {
		return 0, false
	}
	v, err := strconv.ParseFloat(digits, 64)
	return v, err == nil && v <= 100
}

// vttLineNumber reads a line number: a decimal that may be negative.
func vttLineNumber(s string) (float64, bool) {
	if !isVTTDecimal(strings.TrimPrefix(s, "-")) {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, false
	}
	if v == 0 {
		v = math.Abs(v) // -0 is 0
	}
	return v, true
}

// isVTTDecimal reports whether s is digits, with at most one point that has
// digits on both sides.
func isVTTDecimal(s string) bool {
	point := -1
	for i := 0; i < len(s); i++ {
		switch {
		case isDigit(s[i]):
		case s[i] == '.' && point < 0 && i > 0:
			point = i
		default:
			return false
		}
	}
	return s != "" && point != len(s)-1
}

// regionID is the identifier of a REGION block ("collect WebVTT region
// settings"): the value of its last "id" setting.
func regionID(block string) string {
	id := ""
	for word := range strings.FieldsFuncSeq(block, isVTTSpace) {
		if name, value, ok := cutSetting(word); ok && name == "id" {
			id = value
		}
	}
	return id
}

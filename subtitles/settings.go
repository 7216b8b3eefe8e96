package subtitles

// Settings are a WebVTT cue's settings (WebVTT §3.1 and §4.4), as the file
// gives them.
type Settings struct {
	// Vertical is "", "rl" or "lr".
	Vertical string
	// Line is the line position: nil for auto. LinePercent says that it is a
	// percentage (snap-to-lines off).
	Line        *float64
	LinePercent bool
	// LineAlign is "", "start", "center" or "end"; empty means start.
	LineAlign string
	// Position is a percentage; nil for auto. PositionAlign is "",
	// "line-left", "center" or "line-right"; empty means auto.
	Position      *float64
	PositionAlign string
	// Size is a percentage; nil means 100.
	Size *float64
	// Align is "", "start", "center", "end", "left" or "right"; empty means
	// center.
	Align string
	// Region is the identifier of a region of the same file.
	Region string
}

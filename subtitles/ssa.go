package subtitles

func readSSA(string, *Report) (*Track, error) {
	return nil, notSubtitles("an ASS file, which is not read yet")
}

func readTTML(string, *Report) (*Track, error) {
	return nil, notSubtitles("a TTML file, which is not read yet")
}

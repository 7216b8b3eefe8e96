package subtitles

import "strings"

// keepTogether raises the cost of breaks inside terms, as inside a title: they
// are broken only where there is no other place.
func keepTogether(costs []int16, text string, cs []cluster, terms []string) {
	for _, term := range terms {
		if term == "" {
			continue
		}
		for from := 0; ; {
			at := strings.Index(text[from:], term)
			if at < 0 {
				break
			}
			start, end := from+at, from+at+len(term)
			for i := range cs {
				if c := int(cs[i].at); c > start && c < end && costs[i] < breakTitle {
					costs[i] = breakTitle
				}
			}
			from = end
		}
	}
}

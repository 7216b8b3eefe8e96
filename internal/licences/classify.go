package main

import (
	"slices"
	"strings"
	"unicode"
)

// allowed are the licences, by their SPDX names, under which a module may be
// linked into a program that is licensed under Apache-2.0.
var allowed = []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "Unlicense", "Zlib"}

// A rule knows a licence by phrases of its text, in lower case with single
// spaces and without quotation marks: all of has and none of not stand in it.
type rule struct {
	name string
	has  []string
	not  []string
}

const (
	mitGrant   = "permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files"
	mitNotice  = "the above copyright notice and this permission notice shall be included in all"
	iscGrant   = "distribute this software for any purpose with or without fee is hereby granted"
	iscNotice  = "provided that the above copyright notice and this permission notice appear in all copies"
	bsdGrant   = "redistribution and use in source and binary forms, with or without modification, are permitted"
	bsdBinary  = "redistributions in binary form must reproduce the above"
	bsdAdvert  = "all advertising materials mentioning features or use of this software"
	mplTitle   = "mozilla public license version 2.0"
	gnuCopying = "everyone is permitted to copy and distribute verbatim copies of this license document"
)

// bsdNames are the two ways in which the third clause is put.
var bsdNames = []string{"neither the name", "may not be used to endorse or promote products"}

var rules = []rule{
	{name: "MIT", has: []string{mitGrant, mitNotice}},
	{name: "MIT-0", has: []string{mitGrant}, not: []string{mitNotice}},
	{name: "BSD-2-Clause", has: []string{bsdGrant, bsdBinary}, not: append([]string{bsdAdvert}, bsdNames...)},
	{name: "BSD-3-Clause", has: []string{bsdGrant, bsdBinary, bsdNames[0]}, not: []string{bsdAdvert}},
	{name: "BSD-3-Clause", has: []string{bsdGrant, bsdBinary, bsdNames[1]}, not: []string{bsdAdvert}},
	{name: "BSD-4-Clause", has: []string{bsdGrant, bsdAdvert}},
	{name: "Apache-2.0", has: []string{"apache license version 2.0, january 2004", "terms and conditions for use, reproduction, and distribution"}},
	{name: "Apache-2.0", has: []string{"licensed under the apache license, version 2.0", "www.apache.org/licenses/license-2.0"}},
	{name: "ISC", has: []string{iscGrant, iscNotice}},
	{name: "0BSD", has: []string{iscGrant}, not: []string{iscNotice}},
	{name: "BSL-1.0", has: []string{"boost software license - version 1.0", "permission is hereby granted, free of charge, to any person or organization"}},
	{name: "MPL-2.0", has: []string{mplTitle}},
	{name: "Unlicense", has: []string{"this is free and unencumbered software released into the public domain"}},
	{name: "CC0-1.0", has: []string{"cc0 1.0 universal"}},
	{name: "Zlib", has: []string{"this software is provided as-is, without any express or implied warranty", "altered source versions must be plainly marked as such"}},

	// None of these is allowed. The Mozilla licence names the GNU licences as
	// others that may be chosen; their own text cannot stand in it unseen.
	{name: "GPL", has: []string{"gnu general public license"}, not: []string{mplTitle, "gnu lesser general public license", "gnu affero general public license"}},
	{name: "LGPL", has: []string{"gnu lesser general public license"}, not: []string{mplTitle}},
	{name: "LGPL", has: []string{"gnu library general public license"}},
	{name: "AGPL", has: []string{"gnu affero general public license"}, not: []string{mplTitle}},
	{name: "GPL", has: []string{mplTitle, gnuCopying}},
	{name: "SSPL-1.0", has: []string{"server side public license"}},
	{name: "BUSL-1.1", has: []string{"business source license"}},
	{name: "Commons-Clause", has: []string{"commons clause"}},
}

// classify answers the SPDX names (GNU licences without their version) of the
// licences whose text or notice a file holds, sorted; none where it knows none
// of them.
func classify(text string) []string {
	text = plain(text)
	contains := func(phrase string) bool { return strings.Contains(text, phrase) }
	var names []string
	for _, r := range rules {
		if !slices.Contains(names, r.name) && !slices.ContainsFunc(r.not, contains) &&
			!slices.ContainsFunc(r.has, func(phrase string) bool { return !contains(phrase) }) {
			names = append(names, r.name)
		}
	}
	slices.Sort(names)
	return names
}

// plain is a text in lower case, in words with one space between them, without
// quotation marks and what comments and Markdown add at the start of lines.
func plain(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		for word := range strings.FieldsFuncSeq(strings.TrimLeft(line, " \t\uFEFF#/*>|"), unicode.IsSpace) {
			word = strings.ToLower(strings.Map(func(r rune) rune {
				if strings.ContainsRune("\"'`“”‘’*_", r) {
					return -1
				}
				return r
			}, word))
			if word == "" {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(word)
		}
	}
	return b.String()
}

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	mitText = `The MIT License (MIT)

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction.

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.
`
	bsd2Text = `Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

 * Redistributions of source code must retain the above copyright notice.
 * Redistributions in binary form must reproduce the above copyright notice.
`
	apacheText = `                                 Apache License
                           Version 2.0, January 2004
                        http://www.apache.org/licenses/

   TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION
`
	gplText = `                    GNU GENERAL PUBLIC LICENSE
                       Version 3, 29 June 2007

 Everyone is permitted to copy and distribute verbatim copies
 of this license document, but changing it is not allowed.
`
	mplText = `Mozilla Public License Version 2.0
==================================

1.12. "Secondary License" means either the GNU General Public License, Version
2.0, the GNU Lesser General Public License, Version 2.1, the GNU Affero General
Public License, Version 3.0, or any later versions of those licenses.
`
)

func TestClassify(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
	}{
		{"mit", mitText, "MIT"},
		{"mit in a comment", "// " + strings.ReplaceAll(mitText, "\n", "\n// "), "MIT"},
		{"mit with CRLF", strings.ReplaceAll(mitText, "\n", "\r\n"), "MIT"},
		{"mit without its notice", strings.Split(mitText, "The above")[0], "MIT-0"},
		{"bsd 2", bsd2Text, "BSD-2-Clause"},
		{"bsd 3", bsd2Text + " * Neither the name of the project nor the names of its contributors may be used.\n", "BSD-3-Clause"},
		{"bsd 3 in other words", bsd2Text + "The names of its contributors may not be used to endorse or promote products derived from it.\n", "BSD-3-Clause"},
		{"bsd 4", bsd2Text + "All advertising materials mentioning features or use of this\nsoftware must say so. Neither the name of the project\n", "BSD-4-Clause"},
		{"apache", apacheText, "Apache-2.0"},
		{"apache notice", "Licensed under the Apache License, Version 2.0 (the \"License\");\n  http://www.apache.org/licenses/LICENSE-2.0\n", "Apache-2.0"},
		{"apache 1.1", "The Apache Software License, Version 1.1\n", ""},
		{"isc", "Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted, provided that the above\ncopyright notice and this permission notice appear in all copies.", "ISC"},
		{"0bsd", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.", "0BSD"},
		{"mpl names the GNU licences", mplText, "MPL-2.0"},
		{"mpl and gpl", mplText + gplText, "GPL, MPL-2.0"},
		{"unlicense", "This is free and unencumbered software released into the public domain.", "Unlicense"},
		{"cc0", "CC0 1.0 Universal\n", "CC0-1.0"},
		{"zlib", "This software is provided 'as-is', without any express or implied\nwarranty. Altered source versions must be plainly marked as such.", "Zlib"},
		{"boost", "Boost Software License - Version 1.0 - August 17th, 2003\n\nPermission is hereby granted, free of charge, to any person or organization", "BSL-1.0"},
		{"gpl", gplText, "GPL"},
		{"gpl notice", "under the terms of the GNU\n# General Public License as published by", "GPL"},
		{"lgpl", strings.Replace(gplText, "GENERAL", "LESSER GENERAL", 1), "LGPL"},
		{"lgpl 2", strings.Replace(gplText, "GENERAL", "LIBRARY GENERAL", 1), "LGPL"},
		{"agpl", strings.Replace(gplText, "GENERAL", "AFFERO GENERAL", 1), "AGPL"},
		{"mit or gpl", mitText + "\nAlternatively: GNU General Public License\n", "GPL, MIT"},
		{"apache and mit", mitText + apacheText, "Apache-2.0, MIT"},
		{"commons clause", "\"Commons Clause\" License Condition v1.0\n" + apacheText, "Apache-2.0, Commons-Clause"},
		{"none", "All rights reserved.", ""},
		{"empty", "", ""},
	} {
		if got := strings.Join(classify(test.text), ", "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestLicenceFilesAreKnownByName(t *testing.T) {
	for name, want := range map[string]bool{
		"LICENSE": true, "License.txt": true, "LICENCE.md": true, "COPYING": true, "COPYING.LESSER": true, "LICENSE-MIT": true,
		"MIT-LICENSE": true, "LICENSE.libyaml": true, "UNLICENSE": true, "LICENSES": true, "THIRD_PARTY_LICENSE.txt": true,
		"license.go": false, "license_test.go": false, "LICENSE.tmpl": false, "README.md": false, "licensed.txt": false, "PATENTS": false,
	} {
		if got := namedLikeLicence(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestAModuleIsJudgedByAllFilesAboveItsLinkedPackages(t *testing.T) {
	for _, test := range []struct {
		name     string
		files    map[string]string
		licences string
		wrong    string // part of what is said
	}{
		{"good", map[string]string{"LICENSE": mitText}, "MIT", ""},
		{"none", nil, "", "no licence file"},
		{"none in the root", map[string]string{"a/LICENSE": mitText}, "MIT", "no licence file"},
		{"unknown", map[string]string{"LICENSE": "Ask me first."}, "unknown", "LICENSE holds no licence"},
		{"gpl below", map[string]string{"LICENSE": mitText, "a/COPYING": gplText}, "GPL, MIT", "a/COPYING is under GPL"},
		{"gpl beside", map[string]string{"LICENSE": mitText, "tool/COPYING": gplText}, "MIT", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.MkdirAll(filepath.Join(root, "a", "b"), 0o755); err != nil {
				t.Fatal(err)
			}
			for name, text := range test.files {
				name = filepath.Join(root, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			v, err := judge(module{path: "example.org/m", version: "v1.0.0", dir: root, packages: []string{filepath.Join(root, "a", "b")}})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(v.licences, ", "); got != test.licences {
				t.Errorf("licences %q, want %q", got, test.licences)
			}
			if said := filepath.ToSlash(strings.Join(v.wrong, "; ")); !strings.Contains(said, test.wrong) || (test.wrong == "") != (said == "") {
				t.Errorf("said %q, want %q", said, test.wrong)
			}
			var table strings.Builder
			if ok, err := printTable(&table, []verdict{v}); err != nil || ok != (test.wrong == "") || !strings.Contains(table.String(), "example.org/m") {
				t.Errorf("printed %v, %v:\n%s", ok, err, table.String())
			}
		})
	}
}

// The list of go is taken as it is: replaced modules are judged where they
// were replaced from, and the module itself and the standard library are left
// out.
func TestCollect(t *testing.T) {
	const listed = `{"Dir": "/go/src/fmt"}
{"Dir": "/m/x/a", "Module": {"Path": "example.org/x", "Version": "v1.2.0", "Dir": "/m/x"}}
{"Dir": "/m/x", "Module": {"Path": "example.org/x", "Version": "v1.2.0", "Dir": "/m/x"}}
{"Dir": "/r/y", "Module": {"Path": "example.org/y", "Version": "v0.1.0", "Dir": "/r/y", "Replace": {"Path": "/r/y", "Dir": "/r/y"}}}
{"Dir": "/here/cmd", "Module": {"Path": "example.org/here", "Main": true, "Dir": "/here"}}
`
	got := map[string]*module{}
	if err := collect(got, strings.NewReader(listed)); err != nil {
		t.Fatal(err)
	}
	if x := got["example.org/x"]; x == nil || x.version != "v1.2.0" || x.dir != "/m/x" || !slices.Equal(x.packages, []string{"/m/x/a", "/m/x"}) {
		t.Errorf("x is %+v", x)
	}
	if y := got["example.org/y"]; y == nil || y.dir != "/r/y" || y.version != "" {
		t.Errorf("y is %+v", y)
	}
	if len(got) != 2 {
		t.Errorf("%d modules, want 2", len(got))
	}
	if err := collect(got, strings.NewReader("go: no such package")); err == nil {
		t.Error("what is no JSON was taken")
	}
}

package translate

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/duosub/duosub/subtitles"
)

func TestEncodeRequestIsTheWireFormat(t *testing.T) {
	full := &Request{
		Source: subtitles.English, Target: subtitles.SimplifiedChinese, Title: "R&D <1>", Kind: "comment", Description: "d",
		Terms:  []Term{{"Xiaohongshu", "小红书|RED"}, {"Xiaohongshu", "twice"}},
		Before: []ContextLine{{"Hi.", "嗨。"}, {"So.", ""}}, After: []string{"after"},
		Units: []RequestUnit{{[]string{"When I first moved", "to Shanghai, I knew nobody."}}, {[]string{"Really?\n\"yes\""}}},
		Hint:  "h", Previous: []string{"", "真的吗？"},
	}
	for _, c := range []struct {
		req  *Request
		want string
	}{
		{full, `{"source":"en","target":"zh-Hans","kind":"comment","title":"R&D <1>","description":"d","terms":{"Xiaohongshu":"小红书"},` +
			`"before":[["Hi.","嗨。"],["So.",""]],"units":{"1":["When I first moved","to Shanghai, I knew nobody."],"2":["Really?\n\"yes\""]},` +
			`"after":["after"],"hint":"h","previous":{"2":"真的吗？"}}`},
		{&Request{Source: subtitles.SimplifiedChinese, Target: subtitles.English, Units: []RequestUnit{{[]string{"真的吗？"}}}, Previous: []string{""}},
			`{"source":"zh-Hans","target":"en","before":[],"units":{"1":["真的吗？"]},"after":[]}`},
	} {
		got := string(EncodeRequest(c.req))
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("no JSON: %s", got)
		}
	}
	terms := string(EncodeTermsRequest(&TermsRequest{Source: subtitles.English, Target: subtitles.SimplifiedChinese, Title: "t", Text: []string{"a", "b"}}))
	if terms != `{"task":"terms","source":"en","target":"zh-Hans","title":"t","text":["a","b"]}` {
		t.Error(terms)
	}
}

func TestReplySchema(t *testing.T) {
	want := `{"type":"object","properties":{"1":{"type":"array","items":{"type":"string"}},"2":{"type":"array","items":{"type":"string"}}},"required":["1","2"],"additionalProperties":false}`
	if got := string(ReplySchema(2)); got != want {
		t.Errorf("%s", got)
	}
}

func TestDecodeReply(t *testing.T) {
	u := func(pairs ...any) (units []ReplyUnit) {
		for i := 0; i < len(pairs); i += 2 {
			texts, _ := pairs[i+1].([]string)
			units = append(units, ReplyUnit{pairs[i].(string), texts})
		}
		return units
	}
	s := func(texts ...string) []string { return texts }
	for name, c := range map[string]struct {
		text   string
		finish Finish
		units  []ReplyUnit
		want   Finish
	}{
		"plain":                 {`{"1":["a","b"],"2":["c"]}`, FinishStop, u("1", s("a", "b"), "2", s("c")), FinishStop},
		"no finish given":       {`{"1":["a"]}`, "", u("1", s("a")), FinishStop},
		"order and duplicates":  {`{"2":["b"],"1":["a"],"1":["x"]}`, FinishStop, u("2", s("b"), "1", s("a"), "1", s("x")), FinishStop},
		"one text":              {`{"1":"a"}`, FinishStop, u("1", s("a")), FinishStop},
		"number":                {`{"1":[42],"2":7}`, FinishStop, u("1", s("42"), "2", s("7")), FinishStop},
		"not texts":             {`{"1":{"text":"a"},"2":null,"3":[["a"]],"4":["b"],"5":[null]}`, FinishStop, u("1", nil, "2", nil, "3", nil, "4", s("b"), "5", nil), FinishStop},
		"empty list":            {`{"1":[]}`, FinishStop, u("1", []string{}), FinishStop},
		"fence":                 {"```json\n{\"1\":[\"a\"]}\n```", FinishStop, u("1", s("a")), FinishStop},
		"chatter":               {`Sure {here} it is: {"1":["a"]} Anything {else}?`, FinishStop, u("1", s("a")), FinishStop},
		"thoughts":              {`<think>Maybe {"1":["x"]}?</think>{"1":["a"]}`, FinishStop, u("1", s("a")), FinishStop},
		"wrapped":               {`{"units":{"1":["a"],"2":["b"]}}`, FinishStop, u("1", s("a"), "2", s("b")), FinishStop},
		"escapes":               {`{"1":["\u4f60\u597d \ud83d\ude00 \"x\""]}`, FinishStop, u("1", s(`你好 😀 "x"`)), FinishStop},
		"cut in a text":         {`{"1":["a"],"2":["b","c`, FinishLength, u("1", s("a")), FinishLength},
		"cut though stop":       {`{"1":["a"],"2":["b"`, FinishStop, u("1", s("a")), FinishLength},
		"cut after a value":     {`{"1":["a"]`, FinishStop, u("1", s("a")), FinishLength},
		"cut at once":           {`{`, FinishLength, nil, FinishLength},
		"cut in a wrapper":      {`{"units":{"1":["a"],"2`, FinishStop, u("1", s("a")), FinishLength},
		"quote not escaped":     {`{"1":["a"],"2":["say "hi" now"]}`, FinishStop, nil, FinishBad},
		"words":                 {`I cannot do that.`, FinishStop, nil, FinishBad},
		"nothing":               {``, FinishStop, nil, FinishBad},
		"a list":                {`["a","b"]`, FinishStop, nil, FinishBad},
		"empty object":          {`{}`, FinishStop, nil, FinishBad},
		"refused":               {``, FinishRefused, nil, FinishRefused},
		"lines of objects":      {"{\"1\":[\"a\"]}\n{\"2\":[\"b\"]}", FinishStop, u("1", s("a")), FinishStop},
		"byte order mark":       {"\ufeff{\"1\":[\"a\"]}", FinishStop, u("1", s("a")), FinishStop},
		"invalid UTF-8":         {"{\"1\":[\"a\xff\"]}", FinishStop, u("1", s("a\ufffd")), FinishStop},
		"nested beyond meaning": {`{"1":` + strings.Repeat("[", 20000), FinishStop, nil, FinishBad},
	} {
		got := DecodeReply(c.text, c.finish)
		if got.Finish != c.want && name != "nested beyond meaning" || !reflect.DeepEqual(got.Units, c.units) {
			t.Errorf("%s: %+v, want %v and %s", name, got, c.units, c.want)
		}
	}
}

func TestDecodeTerms(t *testing.T) {
	got := DecodeTerms("Here: ```{\"terms\":{\"Jess\":\"杰西\",\" Mei \":\"小梅\",\"Jess\":\"x\",\"Empty\":\"\",\"List\":[\"a\",\"b\"]}}```")
	if want := []Term{{"Jess", "杰西"}, {"Mei", "小梅"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{"", "no", `{"terms":[]}`, `{"terms"`} {
		if got := DecodeTerms(bad); got != nil {
			t.Errorf("%q gives %v", bad, got)
		}
	}
}

// FuzzDecodeReply holds that no answer makes the reader fail, and that what
// was written well is read back.
func FuzzDecodeReply(f *testing.F) {
	for _, s := range []string{`{"1":["a","b"],"2":["c"]}`, `{"1":"a","1":["b"]}`, "```json\n{\"1\":[\"a\"]}\n```", `{"units":{"1":["a"]}}`, `{"1":["a"],"2":["b`, `{{{{`, `{"terms":{"a":"b"}}`, `<think>{</think>{}`} {
		f.Add(s, "text")
	}
	f.Fuzz(func(t *testing.T, reply, text string) {
		for _, finish := range []Finish{FinishStop, FinishLength, FinishRefused, ""} {
			r := DecodeReply(reply, finish)
			if r == nil || r.Finish == "" || r.Finish == FinishBad && r.Units != nil {
				t.Fatalf("%+v", r)
			}
			readKeys(3, r)
		}
		DecodeTerms(reply)
		w := newWireWriter()
		w.key("1")
		w.strings([]string{text, text})
		back := DecodeReply(string(w.finish()), FinishStop)
		want := strings.ToValidUTF8(text, "\ufffd")
		if len(back.Units) != 1 || len(back.Units[0].Texts) != 2 {
			t.Fatalf("%q came back as %+v", text, back)
		}
		if strings.ReplaceAll(back.Units[0].Texts[0], "\ufffd", "") != strings.ReplaceAll(want, "\ufffd", "") {
			t.Fatalf("%q came back as %q", text, back.Units[0].Texts[0])
		}
	})
}

package subtitles

import (
	"reflect"
	"testing"
)

func TestMissingNumbers(t *testing.T) {
	for _, c := range []struct {
		source, translation string
		missing             []string
	}{
		{"I have 3 cats", "我有3只猫", nil},
		{"I have 3 cats", "我有三只猫", nil},
		{"I have 3 cats", "我有4只猫", []string{"3"}},
		{"10,000 people", "一万人", nil},
		{"20,000 people", "2万人", nil},
		{"1.5 million", "150万", nil},
		{"3.50 dollars", "3.5美元", nil},
		{"你有25个苹果", "you have twenty-five apples", nil},
		{"2019年", "in 2019", nil},
		{"In 2019", "二零一九年", nil},
		{"他们会追着你要10美元！千万别", "they will chase you for $!", []string{"10"}},
		{"at 7:30", "早上7点半", nil},
		{"at 18:30", "6:30 p.m.", nil},
		{"下午6点", "at 18:00", nil},
		{"at 18:30", "6:30", []string{"18"}},
		{"in the 1990s", "90年代", nil},
		{"80年代", "the 1980s", nil},
		{"in 1990", "90", []string{"1990"}},
		{"１２点", "12 o'clock", nil},
		{"one hundred and five", "105", nil},
		{"第105页", "page one hundred and five", nil},
	} {
		if got := MissingNumbers(c.source, c.translation); !reflect.DeepEqual(got, c.missing) {
			t.Errorf("%q as %q lacks %q, want %q", c.source, c.translation, got, c.missing)
		}
	}
}

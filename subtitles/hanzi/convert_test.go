package hanzi

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// The forms of one text, made by the people who write each; "" where a case
// says nothing about a form.
func TestConvert(t *testing.T) {
	for _, tt := range []struct{ simplified, standard, taiwan, hongKong string }{
		{"", "", "", ""},
		{"Hello, 123!", "Hello, 123!", "Hello, 123!", "Hello, 123!"},
		{"你好", "你好", "你好", "你好"},
		{"头发", "頭髮", "頭髮", "頭髮"},
		{"发现", "發現", "發現", "發現"},
		{"这里的面条", "這裏的麪條", "這裡的麵條", "這裏的麪條"},
		{"为什么不吃", "爲什麼不喫", "為什麼不吃", "為什麼不吃"},
		{"起床后看着窗台", "起牀後看着窗臺", "起床後看著窗臺", "起牀後看着窗台"},
		{"卫生税务说明", "衛生稅務說明", "衛生稅務說明", "衞生税務説明"},
		{"秘密线索", "祕密線索", "秘密線索", "秘密線索"},
		{"虚伪叹息", "虛僞嘆息", "虛偽嘆息", "虛偽嘆息"},
		{"乾隆皇帝著名的著作", "乾隆皇帝著名的著作", "乾隆皇帝著名的著作", "乾隆皇帝著名的著作"},
		{"皇后在后面吃里脊", "皇后在後面喫里脊", "皇后在後面吃里脊", "皇后在後面吃里脊"},
		{"第一行\n第二行", "第一行\n第二行", "第一行\n第二行", "第一行\n第二行"},
		{"我用iPhone 15拍视频", "我用iPhone 15拍視頻", "我用iPhone 15拍視頻", "我用iPhone 15拍視頻"},
		{"😂鸡𠮷", "😂雞𠮷", "😂雞𠮷", "😂雞𠮷"},
	} {
		for _, c := range []struct {
			from, to  Form
			text, get string
		}{
			{Simplified, Standard, tt.simplified, tt.standard},
			{Simplified, Taiwan, tt.simplified, tt.taiwan},
			{Simplified, HongKong, tt.simplified, tt.hongKong},
			{Standard, Simplified, tt.standard, tt.simplified},
			{Taiwan, Simplified, tt.taiwan, tt.simplified},
			{HongKong, Simplified, tt.hongKong, tt.simplified},
			{Standard, Taiwan, tt.standard, tt.taiwan},
			{Standard, HongKong, tt.standard, tt.hongKong},
			{Taiwan, HongKong, tt.taiwan, tt.hongKong},
			{HongKong, Taiwan, tt.hongKong, tt.taiwan},
		} {
			if c.text == "" || c.get == "" {
				continue
			}
			if got := Convert(c.text, c.from, c.to); got != c.get {
				t.Errorf("Convert(%q, %d, %d) = %q, want %q", c.text, c.from, c.to, got, c.get)
			}
		}
	}
}

func TestLocalizeSpeaksAsTheRegionDoes(t *testing.T) {
	for _, tt := range []struct {
		from, to Form
		text     string
		want     string
	}{
		{Simplified, Taiwan, "用鼠标点击软件里的视频", "用滑鼠點選軟體裡的影片"},
		{Simplified, Taiwan, "老挝的打印机和U盘", "寮國的印表機和隨身碟"},
		{Taiwan, Simplified, "滑鼠、軟體、影片、印表機", "鼠标、软件、视频、打印机"},
		{Simplified, HongKong, "服务器上的搜索文件夹", "伺服器上的搜尋資料夾"},
		{Simplified, HongKong, "发短信登录账户", "發短訊登入帳戶"},
		{Simplified, HongKong, "坐出租车去吃巧克力冰淇淋", "坐的士去吃朱古力雪糕"},
		{Simplified, HongKong, "骑自行车，不骑摩托车", "騎單車，不騎電單車"},
		{Simplified, HongKong, "沙特阿拉伯的人群", "沙地阿拉伯的人群"},
		{HongKong, Simplified, "伺服器、短訊、的士、三文治", "服务器、短信、出租车、三明治"},
		{HongKong, Taiwan, "伺服器和軟件", "伺服器和軟體"},
		{Taiwan, HongKong, "這裡的軟體", "這裏的軟件"},
		{Simplified, Simplified, "软件", "软件"},
		// Words stay what they are where only the script changes.
		{Simplified, Standard, "软件", "軟件"},
	} {
		if got := Localize(tt.text, tt.from, tt.to); got != tt.want {
			t.Errorf("Localize(%q, %d, %d) = %q, want %q", tt.text, tt.from, tt.to, got, tt.want)
		}
	}
	if got := Convert("软件", Simplified, Taiwan); got != "軟件" {
		t.Errorf("Convert changes words: %q", got)
	}
}

// One Simplified character that stands for several Traditional ones, in the
// words and sentences that videos are made of. The file holds a line for each
// case: Simplified, a space, what a reader in Taiwan expects.
func TestOneForManyCharacters(t *testing.T) {
	data, err := os.ReadFile("testdata/one-for-many.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		text, want, ok := strings.Cut(line, " ")
		if !ok {
			t.Fatalf("no case: %q", line)
		}
		n++
		if got := Localize(text, Simplified, Taiwan); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if n < 300 {
		t.Errorf("only %d cases", n)
	}
}

func TestConvertLeavesWhatIsNoTextAlone(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"头\xff发", "頭\xff發"}, // the word is broken, so its parts stand alone
		{"\xe5\xa4", "\xe5\xa4"},
		{"头发\x00", "頭髮\x00"},
		{"\ufffd头", "\ufffd頭"},
		{"\uf900", "豈"}, // a compatibility ideograph is the character it stands for
	} {
		if got := Convert(tt.text, Simplified, Standard); got != tt.want {
			t.Errorf("Convert(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := Convert("头发", 9, Taiwan); got != "头发" {
		t.Errorf("from an unknown form: %q", got)
	}
}

func TestConvertUnchangedCostsNothing(t *testing.T) {
	for _, s := range []string{"just English", "你好 2024"} {
		Convert(s, Simplified, Taiwan)
		if n := testing.AllocsPerRun(20, func() {
			if Convert(s, Simplified, Taiwan) != s {
				t.Errorf("%q changed", s)
			}
		}); n > 2 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

func FuzzConvert(f *testing.F) {
	for _, s := range []string{"", "头发干了", "這裡的軟體", "PN结 SQL注入", "一\xff二", "\uf900𠮷", "佢哋唔係"} {
		f.Add(s, uint8(0), uint8(2))
		f.Add(s, uint8(2), uint8(0))
		f.Add(s, uint8(3), uint8(2))
	}
	f.Fuzz(func(t *testing.T, s string, from, to uint8) {
		a, b := Form(from%4), Form(to%4)
		got := Convert(s, a, b)
		if utf8.ValidString(s) != utf8.ValidString(got) {
			t.Errorf("Convert(%q, %d, %d) = %q: validity changed", s, a, b, got)
		}
		// No entry of the character chains changes how many there are.
		if utf8.RuneCountInString(s) != utf8.RuneCountInString(got) {
			t.Errorf("Convert(%q, %d, %d) = %q: another length", s, a, b, got)
		}
		if words := Localize(s, a, b); len(words) > 8*len(s)+64 {
			t.Errorf("Localize(%q, %d, %d) = %q: grew", s, a, b, words)
		}
	})
}

const benchLine = "我后来才发现头发干了以后他们就把服务器上的视频删了"

func BenchmarkConvert(b *testing.B) {
	for _, c := range []struct {
		name string
		to   Form
	}{{"standard", Standard}, {"taiwan", Taiwan}, {"hongkong", HongKong}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Localize(benchLine, Simplified, c.to)
			}
		})
	}
	b.Run("back", func(b *testing.B) {
		s := Localize(benchLine, Simplified, Taiwan)
		b.ReportAllocs()
		for b.Loop() {
			Localize(s, Taiwan, Simplified)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"s2t", "t2s"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(name)
			}
		})
	}
}

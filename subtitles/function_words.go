package subtitles

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// The words that tell where a reader pauses. They are short closed classes,
// written down once; a segmenter with its dictionary would weigh 33 MB.

const (
	wordConjunction uint8 = 1 << iota // a good place to begin a line
	wordPreposition                   // a fair one
	wordClinging                      // never leave it at a line's end: articles, possessives, auxiliaries
	wordTitle                         // Mr, Dr, No: a point after it ends no sentence
	wordStarter                       // often begins a sentence
)

var englishWords = sync.OnceValue(func() map[string]uint8 {
	m := make(map[string]uint8, 256)
	for flag, words := range map[uint8]string{
		wordConjunction: "and but or so because that which who whom whose when where while if although though than since until unless then whether how what why however therefore plus",
		wordPreposition: "of in on at for with from to by about into over after before between through during without under against as like near around towards toward upon within across behind below beside beyond via",
		wordClinging: "a an the my your his her its our their this these those i you he she we they it's i'm you're we're they're he's she's i've we've i'll we'll don't can't won't " +
			"is are was were be been am has have had will would can could shall should may might must do does did not very too no every each some any let's to of gonna",
		wordTitle: "mr mrs ms dr prof st mt ft jr gen rep sen gov lt col capt sgt rev hon messrs mme vs eg ie e.g i.e cf approx no nos fig vol pp al",
		wordStarter: "i we he she it they the a an and but so you my your his her our their this that these those what when where why how who if there here now then well yes no not " +
			"in on at for with from to as after before because since while although though let let's it's i'm i've i'd i'll we're we've you're they're that's there's what's don't do does did is are was were can could will would should maybe also first next finally okay ok oh all some most",
	} {
		for _, w := range strings.Fields(words) {
			m[w] |= flag
		}
	}
	return m
})

// englishWord looks the word up that the clusters from a to b spell.
func englishWord(text string, cs []cluster, a, b int) uint8 {
	end := len(text)
	if b < len(cs) {
		end = int(cs[b].at)
	}
	return englishFlags(text[cs[a].at:end])
}

// englishFlags is what is known about an English word, in any case.
func englishFlags(w string) uint8 {
	var buf [12]byte
	if len(w) == 0 || len(w) > len(buf) {
		return 0
	}
	for i := 0; i < len(w); i++ {
		c := w[i]
		if c >= 0x80 {
			if strings.Contains(w, "’") {
				return englishFlags(strings.ReplaceAll(w, "’", "'"))
			}
			return 0
		}
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return englishWords()[string(buf[:len(w)])]
}

const (
	// hanNoBegin may not begin a line at all: particles that belong to the
	// word before them (TED: "never break before 的").
	hanNoBegin = "的了吗吧呢啊呀嘛啦们么喔哦唷喽嗎們麼麽嘅咗㗎"
	// hanSeldomBegin seldom begin one: they are particles more often than
	// words.
	hanSeldomBegin = "地得着过儿里上中下内外时后前者性化度家員员過兒裡裏內時後個个些件次年月日号種种"
	// hanSeldomEnd seldom end one: what they govern follows.
	hanSeldomEnd = "在把被和跟与或对向从让给将为以及因如若但而并就都也还又再更最很太不没未无每各此该某本这那哪其第几两一二三四五六七八九十百千万亿是有要想能会可将與對從讓給將為並還沒無這幾兩萬億會"
	// hanGoodEnd often end a word or phrase.
	hanGoodEnd = "的了着时后吧吗呢啊们里上中下前外者法性化时候說说到時後們"
	// hanGoodBegin often begin a phrase.
	hanGoodBegin = "我你您他她它咱这那哪每在把被和跟与或但而并因所如若虽当从对向让给将为以及用就也都还又再更最可会能要想去来是有没不什怎谁通根据使需应該該與對從讓給將為並還沒這當雖會"
	// hanMeasures follow a number and stay with it.
	hanMeasures = "个個年月日号號点點分秒时時岁歲次元块塊毛角只隻件条條张張本位名人天周星小公千万萬亿億百十米里斤克度层層家间間种種倍页頁期章节節集部台辆輛双雙杯碗瓶步句遍场場届屆代世美英第"
)

var hanFlags = sync.OnceValue(func() map[rune]uint8 {
	m := make(map[rune]uint8, 256)
	for bit, s := range []string{hanNoBegin, hanSeldomBegin, hanSeldomEnd, hanGoodEnd, hanGoodBegin, hanMeasures} {
		for _, r := range s {
			m[r] |= 1 << bit
		}
	}
	return m
})

const (
	flagNoBegin uint8 = 1 << iota
	flagSeldomBegin
	flagSeldomEnd
	flagGoodEnd
	flagGoodBegin
	flagMeasure
)

func isMeasure(r rune) bool { return hanFlags()[r]&flagMeasure != 0 }

// isNumberPrefix: characters after which a number belongs to the same word.
func isNumberPrefix(r rune) bool {
	return r == '第' || r == '约' || r == '約' || r == '近' || r == '超'
}

// chineseBefore and chineseAfter say how much cheaper (negative) or dearer a
// break before, or after, a character is than one between any two words.
func chineseBefore(r rune) int16 {
	f := hanFlags()[r]
	switch {
	case f&flagNoBegin != 0:
		return breakBad - breakWord
	case f&flagGoodBegin != 0:
		return -10
	case f&flagSeldomBegin != 0:
		return 14
	}
	return 0
}

func chineseAfter(r rune) int16 {
	f := hanFlags()[r]
	switch {
	case f&flagGoodEnd != 0:
		return -10
	case f&flagSeldomEnd != 0:
		return 14
	}
	return 0
}

// hanCost is the cost of a break between two Han characters; after is the
// cluster that follows b.
func hanCost(a, b, after rune) int16 {
	flags := hanFlags()
	fb, fa := flags[b], flags[a]
	if fb&flagNoBegin != 0 {
		return breakBad
	}
	if a == b || isHanWord(a, b) {
		return breakBad - 10
	}
	cost := breakWord + 8
	// What follows a known word's end, or begins one, lies between words.
	if after != 0 && isHanWord(b, after) {
		cost -= 8
	}
	if fa&flagGoodEnd != 0 {
		cost -= 12
	} else if fa&flagSeldomEnd != 0 {
		cost += 12
	}
	if fb&flagGoodBegin != 0 {
		cost -= 8
	} else if fb&flagSeldomBegin != 0 {
		cost += 14
	}
	return clamp(cost)
}

// hanWords are common words of two characters, each of which is not broken.
// Simplified ones stand here; Traditional text is looked up with its own forms
// below where they differ.
const hanWords = "我们 你们 他们 她们 它们 咱们 自己 大家 什么 怎么 这么 那么 多么 这个 那个 哪个 这些 那些 哪些 这里 那里 哪里 这样 那样 怎样 这种 那种 " +
	"可以 可能 能够 应该 需要 想要 必须 愿意 希望 喜欢 觉得 认为 知道 了解 理解 明白 发现 看到 听到 感到 感觉 记得 忘记 开始 结束 继续 停止 " +
	"因为 所以 但是 可是 不过 然而 而且 并且 或者 还是 如果 假如 虽然 尽管 即使 只要 只有 除非 因此 于是 然后 接着 最后 首先 其次 另外 同时 " +
	"没有 不是 就是 也是 都是 还有 只是 已经 正在 将要 曾经 刚刚 刚才 现在 今天 明天 昨天 以前 以后 之前 之后 时候 当时 后来 从来 一直 一起 一样 一些 一点 一个 一下 一次 " +
	"非常 特别 十分 真的 确实 其实 当然 肯定 一定 可惜 终于 突然 马上 立刻 经常 总是 有时 偶尔 几乎 大概 也许 或许 " +
	"时间 地方 东西 事情 问题 方法 办法 原因 结果 情况 关系 部分 方面 意思 内容 例子 世界 国家 城市 学校 公司 家里 朋友 老师 学生 孩子 父母 妈妈 爸爸 先生 小姐 " +
	"工作 学习 生活 吃饭 睡觉 回家 出去 进来 起来 下来 上去 过去 过来 出来 回来 看看 说话 告诉 介绍 使用 利用 通过 根据 按照 关于 对于 由于 为了 除了 " +
	"中国 美国 英国 日本 北京 上海 中文 英文 英语 汉语 视频 手机 电脑 网络 数据 模型 函数 代码 文件 系统 程序 方式 过程 任务 类型 对象 标签 文本 单词 句子 语言 " +
	"创建 添加 删除 修改 选择 处理 计算 训练 测试 运行 加载 保存 下载 上传 包含 组成 成为 变成 得到 获得 提供 支持 允许 表示 显示 返回 定义 调用 执行 完成 实现 " +
	"简单 复杂 容易 困难 重要 主要 不同 相同 一般 普通 特殊 完整 具体 快速 直接 间接 任何 所有 每个 整个 许多 很多 更多 最多 足够 " +
	"准备 打算 决定 计划 参加 帮助 影响 改变 发生 出现 存在 属于 来自 进行 分享 评论 点赞 关注 订阅 收藏 " +
	"早上 中午 下午 晚上 周末 小时 分钟 星期 月份 年轻 高兴 开心 快乐 难过 生气 害怕 担心 放心 小心 漂亮 好看 好吃 好玩 便宜 " +
	"看见 听见 遇见 再见 谢谢 客气 没关 没事 不错 不好 不会 不能 不要 不想 不同 不用 别人 有人 有点 有些 有的 其他 其它 " +
	"如何 为什 以及 等等 比如 例如 甚至 至少 至于 无论 不管 并不 不再 不仅 相当 相关 相应 之间 之中 其中 上面 下面 里面 外面 前面 后面 旁边 中间 附近"

const hanWordsTraditional = "我們 你們 他們 她們 它們 咱們 什麼 怎麼 這麼 那麼 多麼 這個 那個 哪個 這些 這裏 這裡 那裏 那裡 哪裏 哪裡 這樣 那樣 怎樣 這種 那種 " +
	"能夠 應該 必須 願意 喜歡 覺得 認爲 認為 瞭解 發現 聽到 感覺 記得 忘記 開始 結束 繼續 " +
	"因爲 因為 不過 並且 還是 雖然 儘管 於是 然後 接著 最後 同時 " +
	"沒有 還有 已經 將要 曾經 剛剛 剛纔 剛才 現在 以後 之後 時候 當時 後來 從來 一樣 一點 一個 " +
	"特別 確實 其實 當然 終於 馬上 經常 總是 有時 偶爾 幾乎 也許 或許 " +
	"時間 東西 問題 辦法 結果 情況 關係 內容 國家 學校 家裏 家裡 老師 學生 媽媽 " +
	"學習 喫飯 吃飯 睡覺 進來 起來 下來 過去 過來 出來 回來 說話 告訴 介紹 通過 根據 關於 對於 由於 爲了 為了 " +
	"中國 美國 英國 英語 漢語 視頻 手機 電腦 網絡 數據 函數 代碼 系統 過程 任務 類型 對象 標籤 單詞 語言 " +
	"創建 刪除 選擇 處理 計算 訓練 測試 運行 加載 下載 上傳 組成 成爲 成為 變成 獲得 允許 顯示 定義 調用 執行 實現 " +
	"簡單 複雜 困難 具體 間接 每個 整個 許多 足夠 " +
	"準備 決定 計劃 參加 幫助 影響 改變 發生 出現 屬於 來自 進行 評論 點贊 關注 訂閱 " +
	"週末 小時 分鐘 年輕 高興 開心 快樂 難過 生氣 擔心 好喫 " +
	"看見 聽見 遇見 再見 謝謝 客氣 沒關 沒事 不錯 不會 別人 有點 " +
	"爲什 為什 至於 無論 並不 不僅 相當 相關 相應 之間 裏面 裡面 後面 旁邊 中間"

var hanWordSet = sync.OnceValue(func() map[uint64]struct{} {
	m := make(map[uint64]struct{}, 1024)
	for _, list := range []string{hanWords, hanWordsTraditional} {
		for w := range strings.FieldsSeq(list) {
			a, size := utf8.DecodeRuneInString(w)
			b, _ := utf8.DecodeRuneInString(w[size:])
			m[uint64(a)<<32|uint64(b)] = struct{}{}
		}
	}
	return m
})

func isHanWord(a, b rune) bool {
	_, ok := hanWordSet()[uint64(a)<<32|uint64(b)]
	return ok
}

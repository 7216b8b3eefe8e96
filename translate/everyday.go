package translate

import "strings"

// everyday pairs a few everyday words of English and Chinese that mostly
// translate into each other. They are evidence for the lag test only: that a
// translation says "because" where its line says 因为 tells that the two
// belong together. Words that a translator may well leave out do no harm, as
// only words that a translation has are looked at.
var everyday = pairs(`
i me my mine i'm = 我
you your = 你 您
he him his = 他
she her = 她
we us our = 我们 我們 咱们
not no don't can't doesn't isn't never = 不 没 沒 别
because = 因为 因為
but however = 但 不过 不過 可是
if = 如果 要是
when = 时 時
then = 然后 然後 接着
today = 今天
tomorrow = 明天
yesterday = 昨天
now = 现在 現在
very really so = 很 非常 真
thank thanks = 谢 謝 感谢
sorry = 抱歉 对不起 不好意思
hello hi hey = 你好 嗨 大家好 哈喽
bye goodbye = 再见 拜拜
yes yeah yep = 是的 对 對
want wanna = 想
need = 需要
know = 知道
think = 觉得 認為 认为 以为
like = 喜欢 喜歡 像
love = 爱 愛
eat food = 吃
drink = 喝
see look watch = 看
go going = 去
come = 来 來
home = 家
friend friends = 朋友
people = 人
time = 时间 時間 时候
year years = 年
month months = 月
day days = 天
morning = 早
night evening tonight = 晚
city = 城市
school = 学校 學校
work job = 工作
money = 钱 錢
water = 水
why = 为什么 為什麼
what = 什么 什麼
where = 哪里 哪裡 哪儿
who = 谁 誰
how = 怎么 怎麼 如何
more = 更 多
first = 第一 首先
new = 新
old = 老 旧
big large = 大
small little = 小
good great nice = 好
also too = 也
all every everyone everything = 都 所有 每
together = 一起
two = 两 二
example = 例如 例子 示例
use using = 用
model models = 模型
word words = 词 單詞
video = 视频 影片
question questions = 问题
start begin = 开始 開始
find = 找
say said tell = 说 說
can could = 可以 能
should must = 应该 必须
maybe probably = 可能 也许
always = 总是 一直
still = 还 還
only just = 只
before = 之前 以前
after = 之后 以后 後
buy bought = 买 買
train training = 训练
data = 数据
`)

type everydayPair struct{ zh []string }

// everydayWords are the English sides, by word.
var everydayWords = map[string]int{}

func pairs(list string) []everydayPair {
	var all []everydayPair
	for line := range strings.Lines(strings.TrimSpace(list)) {
		en, zh, _ := strings.Cut(line, "=")
		for w := range strings.FieldsSeq(en) {
			everydayWords[w] = len(all)
		}
		all = append(all, everydayPair{zh: strings.Fields(zh)})
	}
	return all
}

package subtitles

// commonHanzi are the characters that make up most of everyday Chinese, in
// Simplified and Traditional form: what tells a right guess of the encoding
// from a wrong one, which gives rare characters.
var commonHanzi = runeSet(
	"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体美相见被利什二等或新己身果加西月话合回特代内信表化老给世位次度门任常先通教儿原东声提立及比员解水名真论处走各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感做接必场件计管期市直命山金指许保至形便空决马五眼书非则听白却光放强即像难且思完设式色路记南品住告类求程北边死张该交万取望觉术共确传师观清今切让识候带运笑",
	"吗吧呢啊哦嗯谁怎找钱爱快喜欢谢请叫吃喝买卖您哪早晚妈爸哥姐弟妹朋友帮忙错坏累饿干嘛喂哈呀啦哎唉怕忘等送穿站坐睡醒跑跟让她它每次件双号岁星期点钟半块票车飞店房间饭菜茶酒水果",
	"這個們來為國說時會對過發後裡還進樣開從實軍無與長機動現當經種業將兩間問並應戰頭體見產關點學話內給門兒東聲員論處義認條氣題別變總電數報結務場計資許統區隊書聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運嗎誰錢愛歡謝請沒麼裏著於媽幫錯壞餓嗎號歲鐘塊車飛飯雙買賣",
)

func runeSet(lists ...string) map[rune]struct{} {
	set := make(map[rune]struct{}, 700)
	for _, list := range lists {
		for _, r := range list {
			set[r] = struct{}{}
		}
	}
	return set
}

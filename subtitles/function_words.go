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
	hanSeldomEnd = "在把被和跟与或对向从让给将为以及因如若但而并就都也还又再更最很太不没未无每各此该某本这那哪其第几两一二三四五六七八九十百千万亿是有要想能会可将與對從讓給將為並還沒無這幾兩萬億會们們我你您他她它"
	// hanGoodEnd often end a word or phrase.
	hanGoodEnd = "的了着时后吧吗呢啊里上中下前外者法性化时候說说到時後"
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
	if _, ok := hanPostpositionSet()[uint64(b)<<32|uint64(after)]; ok {
		return breakPoor + 16 // 的时候 ends its clause, it begins none
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
const hanWords = "" +
	"功能 诸如 进度 前缀 后缀 示例 工程 团队 社区 课程 播放 画面 声音 音乐 电影 电视 节目 新闻 消息 信息 资料 资源 材料 报告 文章 故事 历史 文化 艺术 科学 技术 教育 经济 政治 社会 法律 政府 市场 企业 产品 " +
	"服务 客户 用户 项目 管理 研究 分析 讨论 解释 说明 描述 比较 评估 检查 验证 确认 确定 设置 设计 建议 推荐 请求 要求 需求 条件 标准 规则 结构 组织 单位 机构 专业 领域 范围 水平 程度 质量 数量 数字 价格 " +
	"成本 收入 费用 身体 健康 医生 医院 病人 心情 感情 爱情 生命 生日 结婚 家庭 男人 女人 男孩 女孩 老板 同学 同事 邻居 观众 粉丝 博主 游客 司机 警察 演员 作者 读者 衣服 鞋子 裤子 帽子 眼睛 头发 耳朵 鼻子 " +
	"嘴巴 手指 桌子 椅子 房间 房子 厨房 厕所 门口 窗户 街道 马路 地铁 火车 飞机 汽车 公交 机场 车站 酒店 餐厅 超市 商店 公园 海边 山上 咖啡 牛奶 面包 米饭 面条 蛋糕 水果 蔬菜 鸡蛋 牛肉 猪肉 早餐 午餐 晚餐 " +
	"味道 颜色 形状 大小 长度 高度 速度 温度 天气 下雨 太阳 月亮 星星 春天 夏天 秋天 冬天 美丽 可爱 聪明 努力 认真 仔细 安静 干净 舒服 幸福 兴奋 紧张 激动 感动 感谢 抱歉 满意 失望 奇怪 神奇 有趣 无聊 熟悉 " +
	"陌生 危险 安全 方便 麻烦 自然 正常 清楚 准确 正确 错误 失败 成功 巨大 微小 丰富 独特 新鲜 古老 现代 传统 著名 流行 免费 昂贵 真实 虚拟 打开 关闭 离开 到达 回到 来到 走路 跑步 跳舞 唱歌 拍照 拍摄 录制 " +
	"旅行 旅游 购物 逛街 做饭 洗澡 起床 上班 下班 上学 毕业 考试 练习 复习 教学 阅读 写作 翻译 聊天 联系 见面 认识 相信 怀疑 考虑 注意 忽略 避免 防止 保护 保持 维持 增加 减少 提高 降低 改善 优化 调整 更新 " +
	"升级 安装 配置 部署 启动 关机 点击 输入 输出 搜索 查找 查询 查看 观看 观察 收集 整理 组合 合并 分割 连接 断开 发送 接收 传递 传输 转换 替换 复制 粘贴 移动 交换 排序 过滤 统计 预测 生成 识别 检测 标记 " +
	"编码 解码 解析 封装 继承 覆盖 指定 限制 匹配 适合 适用 满足 达到 超过 低于 高于 等于 大于 小于 取决 基于 位于 处于 源于 善于 便于 用于 有关 无关 负责 担任 从事 参与 加入 退出 放弃 坚持 尝试 试试 体验 " +
	"享受 经历 遇到 面对 解决 克服 战胜 打败 赢得 失去 丢失 找到 拿到 收到 买到 做到 想到 提到 谈到 说到 轮到 直到 等到 碰到 感受 事实 真相 秘密 机会 挑战 目标 梦想 未来 最近 目前 当前 刚好 正好 恰好 居然 " +
	"竟然 果然 仍然 依然 虽说 反正 毕竟 究竟 到底 难道 简直 差点 几天 每天 每次 每年 每人 这次 那次 这天 那天 这边 那边 这儿 那儿 哪儿 今年 明年 去年 今晚 昨晚 早晨 凌晨 夜晚 半夜 整天 全部 全都 少数 一半 " +
	"一切 一边 一旦 一路 一共 一度 一向 一会 一块 一件 一种 一名 一位 一张 一只 一条 一家 一场 一段 一句 一份 一本 两个 三个 四个 五个 第一 第二 第三 第四 第五 数百 数千 上百 上千 几十 几百 步骤 阶段 级别 " +
	"层次 角度 观点 看法 想法 意见 态度 行为 动作 表情 语气 习惯 性格 能力 力量 力气 精神 思想 知识 经验 教训 道理 概念 理论 实践 实际 实验 样本 样式 格式 模式 模块 组件 接口 参数 变量 数组 列表 字典 集合 " +
	"序列 向量 矩阵 张量 网页 网站 链接 页面 按钮 菜单 窗口 屏幕 键盘 鼠标 文档 目录 路径 仓库 版本 分支 提交 推送 拉取 账户 账号 密码 登录 注册 权限 公开 私有 本地 远程 云端 平台 工具 设备 机器 硬件 软件 " +
	"应用 存储 内存 缓存 日志 报错 异常 警告 提示 默认 自动 手动 批量 单个 多个 若干 额外 特定 通用 专门 唯一 常见 罕见 首个 最佳 最大 最小 最高 最低 最新 最好 最终 起初 起点 终点 中心 边缘 核心 关键 重点 " +
	"焦点 优点 缺点 优势 弱点 好处 坏处 用途 作用 效果 效率 性能 损失 梯度 精度 召回 指标 分数 得分 等级 排名 冠军 比赛 游戏 玩家 角色 武器 地图 英雄 敌人 伙伴 队友 几个 " +
	"我们 你们 他们 她们 它们 咱们 自己 大家 什么 怎么 这么 那么 多么 这个 那个 哪个 这些 那些 哪些 这里 那里 哪里 这样 那样 怎样 这种 那种 " +
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

const hanWordsTraditional = "" +
	"諸如 進度 前綴 後綴 團隊 社區 課程 畫面 聲音 音樂 電影 電視 節目 新聞 資料 資源 報告 歷史 藝術 科學 技術 經濟 社會 市場 企業 產品 服務 客戶 用戶 項目 討論 解釋 說明 比較 評估 檢查 驗證 確認 確定 設置 " +
	"設計 建議 推薦 請求 條件 標準 規則 結構 組織 單位 機構 專業 領域 範圍 質量 數量 數字 價格 費用 身體 醫生 醫院 愛情 結婚 老闆 同學 鄰居 觀衆 觀眾 粉絲 遊客 司機 演員 讀者 褲子 頭髮 房間 廚房 廁所 門口 " +
	"窗戶 馬路 地鐵 火車 飛機 汽車 機場 車站 餐廳 公園 海邊 麪包 麵包 米飯 麪條 麵條 雞蛋 豬肉 顏色 形狀 長度 溫度 天氣 太陽 美麗 可愛 聰明 認真 仔細 安靜 乾淨 興奮 緊張 激動 感動 感謝 滿意 無聊 危險 麻煩 " +
	"準確 正確 錯誤 失敗 豐富 獨特 新鮮 現代 傳統 免費 昂貴 真實 虛擬 打開 關閉 離開 到達 來到 拍攝 錄製 旅遊 購物 做飯 起牀 上學 畢業 考試 練習 複習 教學 閱讀 寫作 翻譯 聯繫 見面 認識 懷疑 考慮 保護 維持 " +
	"減少 優化 調整 升級 安裝 啓動 啟動 關機 點擊 輸入 輸出 查詢 觀看 觀察 組合 合併 連接 斷開 發送 傳遞 傳輸 轉換 替換 複製 粘貼 移動 交換 過濾 統計 預測 識別 檢測 標記 編碼 解碼 封裝 繼承 覆蓋 適合 適用 " +
	"滿足 達到 超過 低於 高於 等於 大於 小於 取決 基於 位於 處於 源於 善於 便於 用於 有關 無關 負責 擔任 從事 參與 放棄 堅持 嘗試 試試 體驗 經歷 面對 解決 戰勝 打敗 贏得 丟失 買到 談到 說到 輪到 事實 祕密 " +
	"機會 挑戰 目標 夢想 未來 當前 剛好 雖說 畢竟 難道 簡直 差點 幾天 這次 這天 這邊 那邊 這兒 那兒 哪兒 少數 一邊 一會 一塊 一種 一張 一隻 一條 一場 兩個 三個 四個 五個 數百 數千 幾十 幾百 步驟 階段 級別 " +
	"層次 觀點 意見 態度 行爲 行為 動作 語氣 習慣 力氣 知識 經驗 教訓 理論 實踐 實際 實驗 樣本 樣式 模塊 組件 參數 變量 數組 矩陣 張量 網頁 網站 鏈接 頁面 按鈕 菜單 鍵盤 鼠標 文檔 目錄 路徑 倉庫 賬戶 賬號 " +
	"密碼 登錄 註冊 權限 公開 遠程 雲端 平臺 設備 機器 軟件 應用 存儲 內存 緩存 日誌 報錯 異常 默認 自動 手動 單個 多個 額外 專門 常見 罕見 首個 最終 起點 終點 邊緣 關鍵 重點 焦點 優點 缺點 優勢 弱點 好處 " +
	"壞處 損失 指標 分數 等級 冠軍 比賽 遊戲 地圖 敵人 夥伴 隊友 幾個 " +
	"我們 你們 他們 她們 它們 咱們 什麼 怎麼 這麼 那麼 多麼 這個 那個 哪個 這些 這裏 這裡 那裏 那裡 哪裏 哪裡 這樣 那樣 怎樣 這種 那種 " +
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

// hanPostpositions stand behind what they belong to.
const hanPostpositions = "时候 時候 之前 之后 之後 以前 以后 以後 以来 以來 之间 之間 之中 之外 之一 之内 之內 以上 以下 以外 以内 以內 来说 來說 来讲 來講 而言 左右 为止 為止 期间 期間 起来 起來 下来 下來 下去 出来 出來 过来 過來 过去 過去 一样 一樣 等等 的话 的話"

var (
	hanWordSet         = sync.OnceValue(func() map[uint64]struct{} { return hanPairs(hanWords, hanWordsTraditional) })
	hanPostpositionSet = sync.OnceValue(func() map[uint64]struct{} { return hanPairs(hanPostpositions) })
)

// hanPairs is a set of words of two characters, given with spaces between.
func hanPairs(lists ...string) map[uint64]struct{} {
	m := make(map[uint64]struct{}, 1024)
	for _, list := range lists {
		for w := range strings.FieldsSeq(list) {
			a, size := utf8.DecodeRuneInString(w)
			b, _ := utf8.DecodeRuneInString(w[size:])
			m[uint64(a)<<32|uint64(b)] = struct{}{}
		}
	}
	return m
}

func isHanWord(a, b rune) bool {
	_, ok := hanWordSet()[uint64(a)<<32|uint64(b)]
	return ok
}

package translatetest

import "slices"

// A Fault is one way in which a backend goes wrong.
type Fault string

const (
	None Fault = ""

	// Faults of the texts.
	LeaveOut      Fault = "leave_out"       // one unit in the middle has no key
	Merge         Fault = "merge"           // two units under the first one's key, the second's is missing
	MergeNumberOn Fault = "merge_number_on" // two units merged, the keys after them moved up, the last one missing
	MergeFill     Fault = "merge_fill"      // the same, with the last text cut in two, so that every key is there
	RepeatKey     Fault = "repeat_key"      // a key comes twice, the second time with the next unit's text
	FromZero      Fault = "from_zero"       // keys count from 0
	Shift         Fault = "shift"           // every key has the text of the next unit, the last one the first's
	ShiftBack     Fault = "shift_back"      // every key has the text of the unit before
	ShiftAfter    Fault = "shift_after"     // every key has the next unit's text, the last one that of the first line of context after it
	ShiftTail     Fault = "shift_tail"      // the later half is shifted
	Echo          Fault = "echo"            // the source comes back
	EchoOne       Fault = "echo_one"        // one unit comes back as it was sent
	WrongLanguage Fault = "wrong_language"
	Blank         Fault = "blank"        // one unit is empty
	BlankPart     Fault = "blank_part"   // units of several cues get their whole text under the first one
	OneText       Fault = "one_text"     // units of several cues get one text
	PlainText     Fault = "plain_text"   // a text in place of a list
	Repetition    Fault = "repetition"   // one unit loops
	Copy          Fault = "copy"         // a unit gets its neighbour's text
	DropNumbers   Fault = "drop_numbers" // numbers are missing
	Leak          Fault = "leak"         // a piece of the request stands in a unit

	// Faults of the form.
	CutOff  Fault = "cut_off" // ends in the middle, finish_reason length
	CutStop Fault = "cut_stop"
	Fence   Fault = "fence"   // in a code fence, with a sentence before it
	Chatter Fault = "chatter" // a sentence, no JSON
	ChatOne Fault = "chat_one"
	Refuse  Fault = "refuse" // the refusal field
	Filter  Fault = "filter" // finish_reason content_filter
	Empty   Fault = "empty"  // no content

	// Faults of the service.
	RateLimit    Fault = "rate_limit" // 429 with Retry-After
	Quota        Fault = "quota"      // 429 insufficient_quota
	Unauthorized Fault = "unauthorized"
	Forbidden    Fault = "forbidden"
	UnknownModel Fault = "unknown_model"
	TooLong      Fault = "too_long" // 400 context_length_exceeded
	Policy       Fault = "policy"   // 400 content_policy_violation
	Payment      Fault = "payment"  // 402 without a code
	ServerError  Fault = "server_error"
	NotJSON      Fault = "not_json" // 200 and a page of HTML
	Hang         Fault = "hang"     // no answer until the caller gives up
	Drop         Fault = "drop"     // the connection breaks
	Redirect     Fault = "redirect"
)

// TextFaults are the faults that spoil an answer and leave the service up.
func TextFaults() []Fault {
	return []Fault{LeaveOut, Merge, MergeNumberOn, MergeFill, RepeatKey, FromZero, Shift, ShiftBack, ShiftAfter, ShiftTail, Echo, EchoOne,
		WrongLanguage, Blank, BlankPart, OneText, PlainText, Repetition, Copy, DropNumbers, Leak, CutOff, CutStop, Fence, Chatter, ChatOne, Refuse, Filter, Empty}
}

// entry is one key of a reply.
type entry struct {
	key   string
	texts []string
	plain bool
}

// spoil applies a fault of the texts. pick is where it strikes; units are the
// sources, after what a shifted model says last.
func spoil(fault Fault, entries []entry, units [][]string, pick int, after []string, translate func(parts []string) []string) []entry {
	n := len(entries)
	if n == 0 {
		return entries
	}
	at := pick % n
	texts := func(i int) []string { return entries[i].texts }
	move := func(from, to int, by int) []entry {
		moved := slices.Clone(entries)
		for i := from; i < to; i++ {
			moved[i].texts = texts(from + (i-from+by+to-from)%(to-from))
		}
		return moved
	}
	mid := min(max(at, 0), max(0, n-2))
	join := func(i int) []string {
		return []string{joinTexts(append(slices.Clone(texts(i)), texts(i+1)...))}
	}
	switch fault {
	case LeaveOut:
		if n > 1 {
			return slices.Delete(slices.Clone(entries), mid, mid+1)
		}
		return nil
	case Merge:
		if n > 1 {
			entries[mid].texts = join(mid)
			return slices.Delete(entries, mid+1, mid+2)
		}
	case MergeNumberOn, MergeFill:
		if n > 1 {
			entries[mid].texts = join(mid)
			for i := mid + 1; i < n-1; i++ {
				entries[i].texts = texts(i + 1)
			}
			if fault == MergeNumberOn || n < 3 || mid == n-2 {
				return entries[:n-1]
			}
			half := cutParts(joinTexts(texts(n-2)), 2)
			entries[n-2].texts, entries[n-1].texts = half[:1], half[1:]
		}
	case RepeatKey:
		if n > 1 {
			again := entry{key: entries[mid].key, texts: texts(mid + 1)}
			return slices.Insert(slices.Clone(entries), mid+1, again)
		}
	case FromZero:
		for i := range entries {
			entries[i].key = decimal(i)
		}
	case Shift:
		return move(0, n, 1)
	case ShiftBack:
		return move(0, n, -1)
	case ShiftAfter:
		moved := move(0, n, 1)
		if len(after) > 0 {
			moved[n-1].texts = translate(after[:1])
		}
		return moved
	case ShiftTail:
		if n >= 8 {
			return move(n/2, n, 1)
		}
		return move(0, n, 1)
	case Echo:
		for i := range entries {
			entries[i].texts = units[i]
		}
	case EchoOne:
		entries[at].texts = units[at]
	case Blank:
		entries[at].texts = []string{""}
	case BlankPart:
		for i := range entries {
			if k := len(texts(i)); k > 1 {
				all := joinTexts(texts(i))
				entries[i].texts = make([]string, k)
				entries[i].texts[0] = all
			}
		}
	case OneText:
		for i := range entries {
			entries[i].texts = []string{joinTexts(texts(i))}
		}
	case PlainText:
		for i := range entries {
			entries[i].texts, entries[i].plain = []string{joinTexts(texts(i))}, true
		}
	case Repetition:
		loop := joinTexts(texts(at))
		for len([]rune(loop)) < 300 {
			loop += joinTexts(texts(at))
		}
		entries[at].texts = []string{loop}
	case Copy:
		if n > 1 {
			entries[mid].texts = texts(mid + 1)
		}
	case Leak:
		entries[at].texts = []string{joinTexts(texts(at)) + `","units":{"1"`}
	case ChatOne:
		entries[at].texts = []string{"As an AI language model, I cannot watch videos, but I can help you."}
	}
	return entries
}

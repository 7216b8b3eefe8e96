package hanzi

func ownSimplified() []Pair { return nil }
func ownHongKong() []Pair { return nil }
func ownFromHongKong() []Pair { return nil }

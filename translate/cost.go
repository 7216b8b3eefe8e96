package translate

import (
	"math/big"
	"strings"
)

// Cost is what the use cost, as an exact decimal number; false when the price
// is not known.
func (u Use) Cost() (amount string, ok bool) {
	if u.Price.Currency == "" {
		return "", false
	}
	return decimal(u.trillionths()), true
}

// trillionths is the cost in 10⁻¹² of the currency's unit: prices are in
// millionths per million.
func (u Use) trillionths() *big.Int {
	sum := new(big.Int)
	for _, part := range [][2]int64{
		{int64(u.Usage.InputTokens), u.Price.InputPerMillion},
		{int64(u.Usage.OutputTokens), u.Price.OutputPerMillion},
		{int64(u.Usage.Characters), u.Price.CharactersPerMillion},
	} {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(part[0]), big.NewInt(part[1])))
	}
	return sum
}

// TotalCost is what several uses cost together. It is not known (false) when
// one of the prices is not, or when their currencies differ; no uses cost "0"
// of no currency.
func TotalCost(uses []Use) (amount, currency string, ok bool) {
	sum := new(big.Int)
	for _, u := range uses {
		if u.Price.Currency == "" || currency != "" && u.Price.Currency != currency {
			return "", "", false
		}
		currency = u.Price.Currency
		sum.Add(sum, u.trillionths())
	}
	return decimal(sum), currency, true
}

// decimal writes a number of trillionths without superfluous zeros.
func decimal(n *big.Int) string {
	const places = 12
	digits := n.String()
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	whole, fraction := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

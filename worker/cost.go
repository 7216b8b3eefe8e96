package worker

import (
	"cmp"
	"math/big"
	"strings"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/translate"
)

// addUses adds uses of the same backend and model together, keeping the order
// in which backends first appear.
func addUses(sum, more []translate.Use) []translate.Use {
next:
	for _, u := range more {
		for i := range sum {
			if sum[i].Name == u.Name && sum[i].Model == u.Model {
				sum[i].Units += u.Units
				sum[i].Calls += u.Calls
				sum[i].Usage.Add(u.Usage)
				continue next
			}
		}
		sum = append(sum, u)
	}
	return sum
}

// backendUses are uses as a document lists them.
func backendUses(uses []translate.Use) []subtitles.BackendUse {
	var list []subtitles.BackendUse
	for _, u := range uses {
		b := subtitles.BackendUse{Name: u.Name, Model: u.Model, Units: u.Units, InputTokens: u.Usage.InputTokens,
			OutputTokens: u.Usage.OutputTokens, Characters: u.Usage.Characters}
		if amount, ok := u.Cost(); ok {
			b.Cost, b.Currency = amount, u.Price.Currency
		}
		list = append(list, b)
	}
	return list
}

// totalCost is what uses cost together; unknown when a price is or when the
// currencies differ.
func totalCost(uses []translate.Use) Cost {
	amount, currency, ok := translate.TotalCost(uses)
	if !ok {
		return Cost{}
	}
	return Cost{Amount: amount, Currency: currency}
}

// addCosts adds what two attempts cost; nothing spent is nothing, whatever
// the currency.
func addCosts(a, b Cost) Cost {
	switch {
	case a == Cost{}:
		return b
	case b == Cost{}:
		return a
	case a.Currency != b.Currency && a.Currency != "" && b.Currency != "":
		return Cost{}
	}
	return Cost{Amount: addDecimals(a.Amount, b.Amount), Currency: cmp.Or(a.Currency, b.Currency)}
}

// addEstimates is the estimate of two works together. The cost is unknown
// when one of them is.
func addEstimates(a, b *translate.Estimate) *translate.Estimate {
	sum := *a
	sum.Units += b.Units
	sum.Remembered += b.Remembered
	sum.Kept += b.Kept
	sum.Characters += b.Characters
	sum.InputTokens += b.InputTokens
	sum.OutputTokens += b.OutputTokens
	sum.Requests += b.Requests
	sum.Cost = addDecimals(a.Cost, b.Cost)
	return &sum
}

// addDecimals adds two decimal numbers exactly; "" where one of them is
// unknown.
func addDecimals(a, b string) string {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return ""
	}
	sum := x.Add(x, y).FloatString(12)
	return strings.TrimRight(strings.TrimRight(sum, "0"), ".")
}

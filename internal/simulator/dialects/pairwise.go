package dialects

// pair is a choice of two variants of two dimensions, by their indices.
type pair struct{ leftDimension, leftVariant, rightDimension, rightVariant int }

// Pairwise returns dialects that together have every pair of variants of different dimensions at least once. The
// first is the default; the result is the same at every call.
func Pairwise(dimensions []Dimension) []Dialect {
	missing := allPairs(dimensions)

	var dialects []Dialect

	for chosen := make([]int, len(dimensions)); ; chosen = nextRow(dimensions, missing) {
		var dialect Dialect

		for i, dimension := range dimensions {
			dimension.choose(&dialect, dimension.Variants[chosen[i]])

			for j := range i {
				delete(missing, pair{j, chosen[j], i, chosen[i]})
			}
		}

		dialects = append(dialects, dialect)

		if len(missing) == 0 {
			return dialects
		}
	}
}

func allPairs(dimensions []Dimension) map[pair]struct{} {
	pairs := map[pair]struct{}{}

	for i := range dimensions {
		for j := range i {
			for v := range dimensions[j].Variants {
				for w := range dimensions[i].Variants {
					pairs[pair{j, v, i, w}] = struct{}{}
				}
			}
		}
	}

	return pairs
}

// nextRow starts with the first missing pair and adds, for each dimension, the variant that completes most missing pairs.
func nextRow(dimensions []Dimension, missing map[pair]struct{}) []int {
	row := make([]int, len(dimensions))
	for i := range row {
		row[i] = -1
	}

	start := first(dimensions, missing)
	row[start.leftDimension], row[start.rightDimension] = start.leftVariant, start.rightVariant

	for i, dimension := range dimensions {
		if row[i] >= 0 {
			continue
		}

		best, bestGain := 0, -1

		for variant := range dimension.Variants {
			if g := gain(row, i, variant, missing); g > bestGain {
				best, bestGain = variant, g
			}
		}

		row[i] = best
	}

	return row
}

// first makes the result independent of the iteration order of the map.
func first(dimensions []Dimension, missing map[pair]struct{}) pair {
	for i := range dimensions {
		for j := range i {
			for v := range dimensions[j].Variants {
				for w := range dimensions[i].Variants {
					if _, open := missing[pair{j, v, i, w}]; open {
						return pair{j, v, i, w}
					}
				}
			}
		}
	}

	return pair{}
}

func gain(row []int, dimension, variant int, missing map[pair]struct{}) int {
	completed := 0

	for other, chosen := range row {
		if chosen < 0 || other == dimension {
			continue
		}

		candidate := pair{other, chosen, dimension, variant}
		if other > dimension {
			candidate = pair{dimension, variant, other, chosen}
		}

		if _, open := missing[candidate]; open {
			completed++
		}
	}

	return completed
}

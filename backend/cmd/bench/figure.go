package main

import (
	"slices"
	"strconv"
	"time"
)

// figure is one line of the report.
type figure struct {
	name      string
	measured  string
	reference string // "-" for none
	ratio     string // "-" for none
	goal      string
	ok        bool
}

func (f figure) String() string {
	verdict := "short"
	if f.ok {
		verdict = "ok"
	}
	return "bench " + f.name + " " + f.measured + " " + f.reference + " " + f.ratio + " " + f.goal + " " + verdict
}

// pair is one round: ours and the reference, measured one after the other.
type pair struct{ ours, reference time.Duration }

func (p pair) ratio() float64 { return float64(p.ours) / float64(p.reference) }

// ratioFigure sums up rounds: it takes the ratio of each pair and then the
// median, so that a slow moment of the machine affects one round only. per is
// how many things one round did; the times shown are for one of them.
func ratioFigure(name string, rounds []pair, per int, goal float64) figure {
	ours, references, ratios := []float64{}, []float64{}, []float64{}
	for _, p := range rounds {
		ours = append(ours, inMs(p.ours)/float64(per))
		references = append(references, inMs(p.reference)/float64(per))
		ratios = append(ratios, p.ratio())
	}
	ratio := median(ratios)
	return figure{
		name: name, measured: figures(median(ours)) + "ms", reference: figures(median(references)) + "ms",
		ratio: strconv.FormatFloat(ratio, 'f', 2, 64), goal: "<=" + strconv.FormatFloat(goal, 'f', -1, 64), ok: ratio <= goal,
	}
}

// figurePair is one round of what is no time.
type figurePair struct{ ours, reference float64 }

// rateFigure sums up rounds as ratioFigure does, as rates: more is better. per is how
// many things one round did; the ratio may be from least to most, 0 being no limit.
func rateFigure(name string, rounds []pair, per int, least, most float64) figure {
	ours, references, ratios := []float64{}, []float64{}, []float64{}
	for _, p := range rounds {
		a, b := float64(per)/p.ours.Seconds(), float64(per)/p.reference.Seconds()
		ours, references, ratios = append(ours, a), append(references, b), append(ratios, a/b)
	}
	ratio, goal := median(ratios), ">="+strconv.FormatFloat(least, 'f', -1, 64)
	if most > 0 {
		goal = strconv.FormatFloat(least, 'f', -1, 64) + ".." + strconv.FormatFloat(most, 'f', -1, 64)
	}
	return figure{
		name: name, measured: figures(median(ours)) + "/s", reference: figures(median(references)) + "/s",
		ratio: strconv.FormatFloat(ratio, 'f', 2, 64), goal: goal, ok: ratio >= least && (most == 0 || ratio <= most),
	}
}

// memoryFigure sums up rounds as ratioFigure does; they are in bytes.
func memoryFigure(name string, rounds []figurePair, goal float64) figure {
	ours, references, ratios := []float64{}, []float64{}, []float64{}
	for _, p := range rounds {
		ours, references, ratios = append(ours, p.ours/1e6), append(references, p.reference/1e6), append(ratios, p.ours/p.reference)
	}
	ratio := median(ratios)
	return figure{
		name: name, measured: figures(median(ours)) + "MB", reference: figures(median(references)) + "MB",
		ratio: strconv.FormatFloat(ratio, 'f', 2, 64), goal: "<=" + strconv.FormatFloat(goal, 'f', -1, 64), ok: ratio <= goal,
	}
}

// spanFigure is a time without a reference; least may be 0.
func spanFigure(name string, times []time.Duration, least, most time.Duration) figure {
	took := []float64{}
	for _, t := range times {
		took = append(took, inMs(t))
	}
	is := median(took)
	goal := "<=" + figures(inMs(most)) + "ms"
	if least > 0 {
		goal = figures(inMs(least)) + ".." + figures(inMs(most)) + "ms"
	}
	return figure{name: name, measured: figures(is) + "ms", reference: "-", ratio: "-", goal: goal, ok: is >= inMs(least) && is <= inMs(most)}
}

// inTurn runs the rounds of two sides, A B A B, after one of each that is not
// counted: it fills the caches. The side that begins changes from round to
// round.
func inTurn(rounds int, ours, reference func() error) ([]pair, error) {
	list := []pair{}
	for i := range rounds + 1 {
		var p pair
		sides := []func() error{
			func() (err error) { p.ours, err = timed(ours); return err },
			func() (err error) { p.reference, err = timed(reference); return err },
		}
		if i%2 == 1 {
			slices.Reverse(sides)
		}
		for _, side := range sides {
			if err := side(); err != nil {
				return nil, err
			}
		}
		if i > 0 {
			list = append(list, p)
		}
	}
	return list, nil
}

func timed(do func() error) (time.Duration, error) {
	began := time.Now()
	err := do()
	return time.Since(began), err
}

func inMs(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// median of the measured values; the lower one of two in the middle.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

// figures writes three significant figures, without an exponent.
func figures(v float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

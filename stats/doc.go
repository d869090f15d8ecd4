// Package stats estimates quantities from samples and says how sure it is. It knows numbers, not
// wars: counts, slices of float64, and times to first event. Start at [Share] for a proportion, at
// [NewSample] for numbers (mean, quantiles, tail), and at [NewRiskTable] for times to first event.
//
// Two policies that met the same luck are paired: compare them with [PairedShare] and [McNemar],
// [PairedMean] or [PairedIncidence], never with the tests between independent runs ([Newcombe],
// [FisherExact], [Welch], [Gray], [LogRank]), which throw the pairing away.
//
// Two kinds of doubt: a [Crossed] of futures and replications says how sure a mean is ([Crossed.Mean],
// [Crossed.Share]) and, apart from it, how the truth differs between the futures ([Crossed.Spread]).
//
// What matters: [Morris] screens factors, [Sobol] shares out the variance, both with run noise taken out;
// [PRIM] and [CART] say where in the space of the factors something happens. Which policy is best:
// [KimNelson] with a promise, [OCBA] for a budget, [WithBest] for intervals, [Dunnett] against a control.
//
// How many runs: a [Precision] stops on the width of an interval, asked at [NextLook] after [NextLook].
// Who looks every night takes a confidence sequence, [ShareSequence] or [Sample.MeanSequence], whose intervals
// hold at all looks at once.
//
// Every interval comes as an [Estimate] and carries its doubts in Warnings, which are constants of
// this package, so that a report can print each once as a footnote. [Place] is the digit to which an interval
// supports its value, and [Round] writes numbers so, the same in all that is printed.
//
// # Order
//
// No result depends on the order of its input, to the last bit: samples are sorted, times are
// counted into a table of integers, and totals are kept exactly ([Sum], [Moments]) and rounded once.
// So shards may be summarised in whatever order they arrive, and merged sums are the sums of the
// merged. Paired functions take both sides in the same order, pair by pair.
//
// Special functions come from gonum and Go's math, whose last bits differ between processors: limits
// and P values agree between machines to about 1e-12, not to the bit. Values of shares, means,
// variances, quantiles, curves and their differences use none and are the same everywhere.
//
// # Mistakes
//
// A level outside (0, 1), a count above its total or a NaN in a sample is the programmer's mistake
// and panics. An empty sample is an answer: NaN, with [WarnNoRuns].
package stats

package main

import (
	"fmt"
	"math"
	"path/filepath"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

// judge asks of a result what its user expects of it.
func judge(r *record.Result, expect []study.Expectation) (report.Verdicts, error) {
	asked := make([]report.Expectation, len(expect))
	for i, e := range expect {
		asked[i] = report.Expectation{
			Name: e.Name, Measure: e.Measure, Statistic: string(e.Statistic), Case: e.Case, Point: -1,
			Low: math.Inf(-1), High: math.Inf(1),
		}
		if e.Point != nil {
			asked[i].Point = *e.Point
		}
		if e.Low != nil {
			asked[i].Low = *e.Low
		}
		if e.High != nil {
			asked[i].High = *e.High
		}
	}
	return report.Judge(r, asked, study.Level)
}

// judgeResult asks of a result what its own input expects; nothing, where this tripwire does not read that.
func judgeResult(r *record.Result, dir string) (report.Verdicts, error) {
	s, err := load(filepath.Join(dir, record.ScenarioFile), nil)
	if err != nil {
		return nil, nil
	}
	return judge(r, s.Expect)
}

// unmet is the error of a run of which an expectation failed; nil where none did.
func unmet(std *streams, verdicts report.Verdicts) error {
	failed := verdicts.Count(report.Fails)
	if undecided := verdicts.Count(report.Undecided); undecided > 0 {
		fmt.Fprintf(std.err, "tripwire: [[expect]]: %d of %d are undecided: more histories (-n) decide them\n", undecided, len(verdicts))
	}
	if failed == 0 {
		return nil
	}
	const most = 10
	told := 0
	for i := range verdicts {
		if v := &verdicts[i]; v.Result == report.Fails {
			if told++; told > most {
				break
			}
			fmt.Fprintf(std.err, "tripwire: [[expect]] fails: %v\n", v)
		}
	}
	return mismatch{fmt.Errorf("%d of %d expectations failed", failed, len(verdicts))}
}

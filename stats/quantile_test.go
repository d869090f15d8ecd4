package stats

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

type quantileOracle struct {
	sample Sample
	Data   []float64
	ES     float64 `json:"es90_tail_mean"`
	GPD    struct {
		N                 int `json:"n_exc"`
		NLL, Sigma, U, Xi float64
	} `json:"gpd_pot"`
	HD []struct {
		P, HarrellDavis float64
		HD              float64 `json:"harrell_davis"`
		SD              float64 `json:"hd_sd_jackknife"` // so called there; it is the weights' spread
		MJ              float64 `json:"maritz_jarrett_se"`
	}
	Hill float64 `json:"hill_k10"`
	CI   []struct {
		P, Conf  float64
		CI       *[2]float64
		Coverage float64
		L, U     int
		Valid    bool
	} `json:"order_stat_ci"`
	Wilks map[string]int `json:"wilks_n"`
}

func lognormal(t *testing.T) *quantileOracle {
	t.Helper()
	o := new(quantileOracle)
	oracle(t, "o03_quantiles.json", o)
	o.sample = NewSample(o.Data)
	return o
}

func TestQuantileIntervals(t *testing.T) {
	o := lognormal(t)
	for _, c := range o.CI {
		q := o.sample.QuantileInterval(c.P, c.Conf)
		what := fmt.Sprintf("p=%v at %v", c.P, c.Conf)
		near(t, what+" low rank", float64(q.LowRank), float64(c.L), 0)
		near(t, what+" high rank", float64(q.HighRank), float64(c.U), 0)
		if !c.Valid {
			if len(q.Warnings) == 0 {
				t.Errorf("%s: no warning though a bound is missing: %+v", what, q)
			}
			continue
		}
		bounds(t, what, q.Estimate, c.CI[0], c.CI[1], 0)
		near(t, what+" coverage", q.Coverage, c.Coverage, 1e-12)
	}
	for name, want := range o.Wilks {
		p, level, _ := strings.Cut(name, "/")
		near(t, "Wilks "+name, float64(WilksN(parse(t, p), parse(t, level))), float64(want), 0)
	}
}

func TestHarrellDavis(t *testing.T) {
	o := lognormal(t)
	for _, c := range o.HD {
		e := o.sample.HarrellDavis(c.P, 0.95)
		near(t, fmt.Sprint("Harrell-Davis ", c.P), e.Value, c.HD, 1e-12)
		near(t, fmt.Sprint("its se ", c.P), e.HalfWidth()/normal(0.95), c.SD, 1e-12)
		near(t, fmt.Sprint("Maritz-Jarrett ", c.P), o.sample.MaritzJarrett(c.P), c.MJ, 1e-12)
	}
}

func TestTail(t *testing.T) {
	o := lognormal(t)
	near(t, "expected shortfall", o.sample.ExpectedShortfall(0.9, 0.95).Value, o.ES, 1e-12)
	near(t, "the cut value counts in part", NewSample([]float64{1, 2, 3, 4}).ExpectedShortfall(0.625, 0.9).Value, (4+0.5*3)/1.5, 1e-15)
	near(t, "Hill", o.sample.Hill(10, 0.95).Value, o.Hill, 1e-12)
	fit := o.sample.FitTail(o.GPD.U, 0.95)
	near(t, "exceedances", float64(fit.Exceedances), float64(o.GPD.N), 0)
	near(t, "shape", fit.Shape.Value, o.GPD.Xi, 1e-6)
	near(t, "scale", fit.Scale.Value, o.GPD.Sigma, 1e-6)
	near(t, "log-likelihood", fit.LogLik, -o.GPD.NLL, 1e-10)
}

func parse(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

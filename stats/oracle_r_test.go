package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

// number is a value of R's, where NA means there is none.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	if string(b) == `"NA"` {
		*n = number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

type rCurve struct {
	Time         []float64
	NRisk        []int `json:"n.risk"`
	NEvent       []int `json:"n.event"`
	Surv         []float64
	SE           []float64 `json:"se_surv"`
	SELog        []float64 `json:"std.err.cumhaz"`
	Lower, Upper []number
}

type rOracle struct {
	QuantileTypes map[string][]float64 `json:"quantile_types"`
	TTE           struct {
		Time          []float64
		Status, Group []int
	}
	Plain  rCurve `json:"km_plain"`
	Log    rCurve `json:"km_log"`
	LogLog rCurve `json:"km_log-log"`
	RMST   struct {
		Mean float64 `json:"rmean"`
		SE   float64 `json:"se(rmean)"`
	} `json:"rmst30"`
	AalenJohansen struct {
		Time         []float64
		PState       [][]float64
		SE           [][]float64 `json:"std.err"`
		Lower, Upper [][]number
	} `json:"aalen_johansen"`
	Cmprsk  map[string]struct{ Time, Est, Var []float64 } `json:"cmprsk_cuminc"`
	Gray    []struct{ Stat, PV, DF float64 }              `json:"gray_test"`
	LogRank struct {
		ChiSq, P float64
		Obs      []int
		Exp      []float64
	}
	AML struct {
		Time, Surv   []float64
		Lower, Upper []number
		Strata       map[string]int
	} `json:"aml_km"`
	AMLLogRank float64              `json:"aml_logrank"`
	PRaw       []float64            `json:"p_raw"`
	PAdjust    map[string][]float64 `json:"p_adjust"`
	CRN        struct {
		A, B   []float64
		Paired struct {
			Est  float64
			CI   [2]float64
			T, P float64
		}
		Welch struct {
			CI       [2]float64
			DF, T, P float64
		}
		Corr    float64
		VarDiff float64 `json:"var_paired_diff"`
		VarSum  float64 `json:"var_sum"`
		VRF     float64
		KS      float64 `json:"ks_D"`
	}
	Wilson [][2]float64 `json:"wilson_prop_test"`
	CP     [][2]float64 `json:"cp_binom_test"`
}

func readR(t *testing.T) *rOracle {
	t.Helper()
	o := new(rOracle)
	oracle(t, "o05_r.json", o)
	return o
}

func (o *rOracle) groups() (all *RiskTable, byGroup []*RiskTable) {
	var split [2]Times
	for i, g := range o.TTE.Group {
		split[g].T = append(split[g].T, o.TTE.Time[i])
		split[g].Cause = append(split[g].Cause, o.TTE.Status[i])
	}
	all = NewRiskTable(Times{o.TTE.Time, o.TTE.Status})
	return all, []*RiskTable{NewRiskTable(split[0]), NewRiskTable(split[1])}
}

func TestKaplanMeier(t *testing.T) {
	o := readR(t)
	r, _ := o.groups()
	km := r.KaplanMeier()
	for band, want := range map[Band]rCurve{Plain: o.Plain, Log: o.Log, LogLog: o.LogLog} {
		low, high := bands(km, 0.95, band)
		if len(km.Time) != len(want.Time) {
			t.Fatalf("%d times, want %d", len(km.Time), len(want.Time))
		}
		for i := range km.Time {
			what := fmt.Sprintf("%v at %v: ", band, want.Time[i])
			near(t, what+"time", km.Time[i], want.Time[i], 0)
			near(t, what+"at risk", float64(km.AtRisk[i]), float64(want.NRisk[i]), 0)
			near(t, what+"events", float64(r.Any[i]), float64(want.NEvent[i]), 0)
			near(t, what+"S", km.Value[i], want.Surv[i], 1e-10)
			near(t, what+"se", km.SE[i], want.SE[i], 1e-10)
			near(t, what+"se of log", km.SE[i]/km.Value[i], want.SELog[i], 1e-10)
			near(t, what+"low", low[i], float64(want.Lower[i]), 1e-10)
			near(t, what+"high", high[i], float64(want.Upper[i]), 1e-10)
			e := km.At(want.Time[i]+0.5, 0.95, band)
			near(t, what+"At", e.Value, want.Surv[i], 1e-10)
			bounds(t, what+"At", e, low[i], high[i], 0)
		}
	}
	e := r.RestrictedMean(30, 0.95)
	near(t, "restricted mean", e.Value, o.RMST.Mean, 1e-10)
	near(t, "its se", e.HalfWidth()/normal(0.95), o.RMST.SE, 1e-10)
}

// bands is the interval at each time of a curve.
func bands(c *Curve, level float64, band Band) (low, high []float64) {
	for _, t := range c.Time {
		e := c.At(t, level, band)
		low, high = append(low, e.Low), append(high, e.High)
	}
	return low, high
}

// aml is the leukaemia data of Miller (Survival Analysis, 1981), as in R's survival.
var aml = []Times{
	{[]float64{9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161}, []int{1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0}},
	{[]float64{5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45}, []int{1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1}},
}

func TestLeukaemia(t *testing.T) {
	o := readR(t)
	maintained, not := NewRiskTable(aml[0]), NewRiskTable(aml[1])
	k := 0
	for _, r := range []*RiskTable{maintained, not} {
		km := r.KaplanMeier()
		low, high := bands(km, 0.95, LogLog)
		for i := range km.Time {
			what := fmt.Sprintf("group of %d at %v ", r.N, o.AML.Time[k])
			near(t, what+"time", km.Time[i], o.AML.Time[k], 0)
			near(t, what+"S", km.Value[i], o.AML.Surv[k], 1e-10)
			if km.Value[i] > 0 { // where R has no interval, ours is Wilson's
				near(t, what+"low", low[i], float64(o.AML.Lower[k]), 1e-10)
				near(t, what+"high", high[i], float64(o.AML.Upper[k]), 1e-10)
			}
			k++
		}
	}
	near(t, "log-rank", LogRank([]*RiskTable{maintained, not}, AnyCause).Statistic, o.AMLLogRank, 1e-10)
}

func TestAalenJohansen(t *testing.T) {
	o := readR(t)
	r, _ := o.groups()
	for cause := 1; cause <= 2; cause++ {
		aj := r.AalenJohansen(cause, Greenwood)
		low, high := bands(aj, 0.95, Log)
		for i := range aj.Time {
			what := fmt.Sprintf("cause %d at %v ", cause, aj.Time[i])
			near(t, what+"time", aj.Time[i], o.AalenJohansen.Time[i], 0)
			near(t, what+"incidence", aj.Value[i], o.AalenJohansen.PState[i][cause], 1e-10)
			near(t, what+"se", aj.SE[i], o.AalenJohansen.SE[i][cause], 1e-10)
			if aj.Value[i] > 0 {
				near(t, what+"low", low[i], float64(o.AalenJohansen.Lower[i][cause]), 1e-10)
				near(t, what+"high", high[i], float64(o.AalenJohansen.Upper[i][cause]), 1e-10)
			}
		}
		want := o.Cmprsk[fmt.Sprint("1 ", cause)]
		aj = r.AalenJohansen(cause, Aalen)
		for i := 1; i < len(want.Time); i++ { // each time twice there, before its jump and after
			if i+1 < len(want.Time) && want.Time[i+1] == want.Time[i] {
				continue
			}
			e := aj.At(want.Time[i], 0.95, Plain)
			near(t, fmt.Sprintf("cmprsk cause %d at %v", cause, want.Time[i]), e.Value, want.Est[i], 1e-10)
			j := r.index(want.Time[i])
			near(t, fmt.Sprintf("cmprsk variance, cause %d at %v", cause, want.Time[i]), aj.SE[j]*aj.SE[j], want.Var[i], 1e-10)
		}
	}
	any, km := r.AalenJohansen(AnyCause, Greenwood), r.KaplanMeier()
	for i := range any.Time {
		near(t, fmt.Sprint("any cause at ", any.Time[i]), any.Value[i], 1-km.Value[i], 1e-14)
		near(t, fmt.Sprint("its se at ", any.Time[i]), any.SE[i], km.SE[i], 1e-14)
	}
}

func TestGrayAndLogRank(t *testing.T) {
	o := readR(t)
	_, groups := o.groups()
	for i, want := range o.Gray {
		got := Gray(groups, i+1)
		near(t, fmt.Sprintf("Gray %d", i+1), got.Statistic, want.Stat, 1e-10)
		near(t, fmt.Sprintf("Gray %d P", i+1), got.P, want.PV, 1e-10)
		near(t, fmt.Sprintf("Gray %d df", i+1), got.DF, want.DF, 0)
	}
	lr := LogRank(groups, AnyCause)
	near(t, "log-rank", lr.Statistic, o.LogRank.ChiSq, 1e-10)
	near(t, "log-rank P", lr.P, o.LogRank.P, 1e-10)
	for g := range groups {
		near(t, "observed", float64(lr.Observed[g]), float64(o.LogRank.Obs[g]), 0)
		near(t, "expected", lr.Expected[g], o.LogRank.Exp[g], 1e-10)
	}
}

func TestAdjust(t *testing.T) {
	o := readR(t)
	for name, f := range map[string]func([]float64) []float64{
		"bonferroni": Bonferroni, "holm": Holm, "hochberg": Hochberg, "hommel": Hommel,
		"BH": BenjaminiHochberg, "BY": BenjaminiYekutieli,
	} {
		for i, got := range f(o.PRaw) {
			near(t, fmt.Sprint(name, i), got, o.PAdjust[name][i], 1e-10)
		}
	}
	// The order of p is kept.
	got := Holm([]float64{0.03, 0.01})
	near(t, "first of two", got[0], 0.03, 1e-15)
	near(t, "second of two", got[1], 0.02, 1e-15)
}

func TestPairedTests(t *testing.T) {
	c := readR(t).CRN
	d := PairedMean(c.A, c.B, 0.95)
	near(t, "paired", d.Value, c.Paired.Est, 1e-10)
	bounds(t, "paired", d.Estimate, c.Paired.CI[0], c.Paired.CI[1], 1e-10)
	near(t, "paired t", d.Test.Statistic, c.Paired.T, 1e-10)
	near(t, "paired P", d.Test.P, c.Paired.P, 1e-10)
	near(t, "correlation", d.Correlation, c.Corr, 1e-10)
	near(t, "variance reduction", d.VarianceReduction, c.VRF, 1e-10)
	w := Welch(c.A, c.B, 0.95)
	bounds(t, "Welch", w.Estimate, c.Welch.CI[0], c.Welch.CI[1], 1e-10)
	near(t, "Welch df", w.Test.DF, c.Welch.DF, 1e-10)
	near(t, "Welch t", w.Test.Statistic, c.Welch.T, 1e-10)
	near(t, "Welch P", w.Test.P, c.Welch.P, 1e-10)
	near(t, "Kolmogorov-Smirnov", KolmogorovSmirnov(NewSample(c.A), NewSample(c.B)).Statistic, c.KS, 1e-10)
}

func TestCountsAgainstR(t *testing.T) {
	o := readR(t)
	for i, c := range [][2]int{{0, 10}, {81, 263}, {15, 148}, {7, 10000}} {
		bounds(t, fmt.Sprint("prop.test", c), Share(c[0], c[1], 0.95), o.Wilson[i][0], o.Wilson[i][1], 1e-10)
		bounds(t, fmt.Sprint("binom.test", c), ClopperPearson(c[0], c[1], 0.95), o.CP[i][0], o.CP[i][1], 1e-10)
	}
}

func TestQuantileTypes(t *testing.T) {
	s := lognormal(t).sample
	for kind := QuantileType(1); kind <= 9; kind++ {
		want := readR(t).QuantileTypes[fmt.Sprint("type", kind)]
		for i, p := range []float64{0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95} {
			near(t, fmt.Sprintf("type %d at %v", kind, p), s.Quantile(p, kind), want[i], 1e-10)
		}
	}
}

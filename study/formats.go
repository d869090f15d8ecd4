package study

import "tripwire/study/record"

// describe writes what is known of the tables of a finished result, and those that are wanted as Parquet too.
func (r *runner) describe(w *record.Writer, m *record.Manifest, p *record.Package) error {
	m.Formats = []string{"csv"}
	if r.opt.Parquet {
		m.Formats = append(m.Formats, "parquet")
		p.Parquet = []string{r.runs.Name, eventsResource.Name}
	}
	return w.Describe(p)
}

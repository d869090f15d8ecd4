package study

import "tripwire/input"

// sections is what a file holds besides the scenario.
func (s *Study) sections() map[string]any {
	return map[string]any{"study": &s.Settings, "correlations": &s.Correlations, "expect": &s.Expect}
}

// Schema is the JSON Schema of scenarios and studies, with the defaults and the evidence of a file.
func Schema(l input.Loader, ledger string) (map[string]any, error) {
	s, err := Load(l, ledger, nil)
	if err != nil {
		return nil, err
	}
	return input.Schema(&s.Scenario, s.sections(), s.File.Parameters), nil
}

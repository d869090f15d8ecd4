package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Package is the Frictionless description (datapackage.org) of the tables of a result.
type Package struct {
	Title     string
	Doc       string
	Resources []Resource
	Parquet   []string // the names of those that are there as Parquet too
}

// The names below are those of the Frictionless standard, but for unit, digits and factor, which it
// lets a publisher add.
type (
	packageJSON struct {
		Schema    string         `json:"$schema"`
		Title     string         `json:"title,omitempty"`
		Doc       string         `json:"description,omitempty"`
		Resources []resourceJSON `json:"resources"`
	}
	resourceJSON struct {
		Name        string     `json:"name"`
		Path        string     `json:"path"`
		Type        string     `json:"type"`
		Description string     `json:"description,omitempty"`
		Format      string     `json:"format"`
		MediaType   string     `json:"mediatype"`
		Encoding    string     `json:"encoding"`
		Digits      int        `json:"digits,omitempty"`
		Schema      schemaJSON `json:"schema"`
	}
	schemaJSON struct {
		Fields        []fieldJSON `json:"fields"`
		PrimaryKey    []string    `json:"primaryKey,omitempty"`
		MissingValues []string    `json:"missingValues,omitempty"`
	}
	fieldJSON struct {
		Name        string           `json:"name"`
		Type        string           `json:"type"`
		Title       string           `json:"title,omitempty"`
		Unit        string           `json:"unit,omitempty"`
		Description string           `json:"description,omitempty"`
		Factor      bool             `json:"factor,omitempty"`
		TrueValues  []string         `json:"trueValues,omitempty"`
		FalseValues []string         `json:"falseValues,omitempty"`
		Constraints *constraintsJSON `json:"constraints,omitempty"`
	}
	constraintsJSON struct {
		Enum []string `json:"enum"`
	}
)

const packageSchema = "https://datapackage.org/profiles/2.0/datapackage.json"

// JSON returns the content of datapackage.json.
func (p *Package) JSON() []byte {
	out := packageJSON{Schema: packageSchema, Title: p.Title, Doc: p.Doc}
	for _, r := range p.Resources {
		table := resourceJSON{
			Name: r.Name, Path: r.Path(), Type: "table", Description: r.Doc,
			Format: "csv", MediaType: "text/csv", Encoding: "utf-8", Digits: r.Digits,
			Schema: schemaJSON{PrimaryKey: r.Key, MissingValues: []string{""}},
		}
		for _, c := range r.Columns {
			table.Schema.Fields = append(table.Schema.Fields, newField(c))
		}
		out.Resources = append(out.Resources, table)
		if p.parquet(&r) {
			table.Name, table.Path, table.Description = r.Name+parquetSuffix, r.parquetPath(), "the rows of "+r.Path()
			table.Format, table.MediaType, table.Encoding = "parquet", "application/vnd.apache.parquet", ""
			table.Digits, table.Schema = 0, schemaJSON{Fields: parquetFields(table.Schema.Fields), PrimaryKey: r.Key}
			out.Resources = append(out.Resources, table)
		}
	}
	return marshal(out)
}

// parquetSuffix makes the name of the description of a Parquet file, for names are unique.
const parquetSuffix = "-parquet"

func (r *Resource) parquetPath() string { return r.Name + ".parquet" }

func (p *Package) parquet(r *Resource) bool { return slices.Contains(p.Parquet, r.Name) }

// parquetFields is how fields are described where no text has to be understood.
func parquetFields(fields []fieldJSON) []fieldJSON {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].TrueValues, fields[i].FalseValues = nil, nil
	}
	return fields
}

func newField(c Column) fieldJSON {
	f := fieldJSON{Name: c.Name, Title: c.Title, Unit: c.Unit, Description: c.Doc, Factor: c.Factor}
	switch c.Kind {
	case Bool:
		f.Type, f.TrueValues, f.FalseValues = "boolean", []string{"1"}, []string{"0"}
	case Int:
		f.Type = "integer"
	case Float:
		f.Type = "number"
	case Class:
		f.Type, f.Constraints = "string", &constraintsJSON{Enum: c.Classes}
	case Text:
		f.Type = "string"
	}
	return f
}

func (f *fieldJSON) column() (Column, error) {
	c := Column{Name: f.Name, Title: f.Title, Unit: f.Unit, Doc: f.Description, Factor: f.Factor}
	switch f.Type {
	case "boolean":
		c.Kind = Bool
	case "integer":
		c.Kind = Int
	case "number":
		c.Kind = Float
	case "string":
		c.Kind = Text
		if f.Constraints != nil && len(f.Constraints.Enum) > 0 {
			c.Kind, c.Classes = Class, f.Constraints.Enum
		}
	default:
		return c, fmt.Errorf("datapackage.json: %s: unknown type %q", f.Name, f.Type)
	}
	return c, nil
}

// parsePackage reads a datapackage.json that [Package.JSON] wrote.
func parsePackage(data []byte) (*Package, error) {
	var in packageJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("datapackage.json: %w", err)
	}
	p := &Package{Title: in.Title, Doc: in.Doc}
	for _, table := range in.Resources {
		if name, ok := strings.CutSuffix(table.Name, parquetSuffix); ok {
			p.Parquet = append(p.Parquet, name)
			continue
		}
		r := Resource{Name: table.Name, Doc: table.Description, Key: table.Schema.PrimaryKey, Digits: table.Digits}
		for i := range table.Schema.Fields {
			c, err := table.Schema.Fields[i].column()
			if err != nil {
				return nil, err
			}
			r.Columns = append(r.Columns, c)
		}
		p.Resources = append(p.Resources, r)
	}
	return p, nil
}

// Resource returns the description of the table of that name, nil where there is none.
func (p *Package) Resource(name string) *Resource {
	i := slices.IndexFunc(p.Resources, func(r Resource) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &p.Resources[i]
}

// marshal is JSON for people: indented, with < and > as they are, ended by a line feed.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic("record: " + err.Error())
	}
	return b.Bytes()
}

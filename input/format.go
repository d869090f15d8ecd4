package input

// Format is the format of the files that this package reads. A file may say format = 1 at its top; one
// that does not say is of format 1. The number grows when an old file would be read as something else
// or no longer be read, so that an old program can say so instead of finding fault with each new key.
const Format = 1

const formatKey = "format"

// newer are the faults of files of a format to come. They stand alone: what else would be found in
// such a file are no faults of its author's.
func newer(docs []*document) Faults {
	var faults findings
	for _, d := range docs {
		n := d.root.child(formatKey)
		if n == nil || n.form != scalar || !d.decode(n.stmt, new(findings)) {
			continue
		}
		if v, is := n.value.(int64); is && v > Format {
			faults.add(d, n.at, formatKey, "%d is newer than this tripwire, which reads format %d: install a newer one", v, Format)
		}
	}
	if len(faults.list) == 0 {
		return nil
	}
	return faults.faults()
}

// format reads the key format of a file that is no newer than this program.
func (b *binder) format(d *document, n *node) {
	if n.form == scalar && !d.decode(n.stmt, b.faults) {
		return
	}
	if v, is := n.value.(int64); !is || v != Format {
		b.wrong(d, n, formatKey, "must be 1, the one format there is so far")
	}
}

package input

import (
	"strings"
	"testing"
)

// What is no TOML, or no text.
func TestSyntaxFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{name: "not TOML", text: `
seed 5
horizon_d = 
title = "abc
= 3
attribution.threshold = .5
attribution.overt_delay_d = 01
[strike] salvo = 3
salvo = 3 4
tomahawk_stock = 0x
arrives = yes
repair_scale = "a\qb"
[coalition
roe = "R1"
[coalition.land
[]
[a..b]
ä = 3
."x" = 3
"a\qb" = 3
'x = 3
land.troops = 1__0`, want: `
my.toml:2:6: seed: 5 where = should stand
my.toml:3:13: horizon_d: the end of the line where a value should stand
my.toml:4:9: title: "abc has no closing " on its line
my.toml:5:1: = 3 where a key should stand
my.toml:6:25: attribution.threshold: .5 cannot be read: floats must start with a digit, not '.'
my.toml:7:29: attribution.overt_delay_d: 01 cannot be read: Invalid integer "01": cannot have leading zeroes
my.toml:8:10: salvo = 3 where the line should end
my.toml:9:9: strike.salvo: 3 4 cannot be read (text needs quotes)
my.toml:10:18: strike.tomahawk_stock: 0x cannot be read: not a hexadecimal number: '0x\u0000'
my.toml:11:11: strike.arrives: yes cannot be read (write true or false; text needs quotes)
my.toml:12:17: strike.repair_scale: a\qb" cannot be read: invalid escape in string '\q'
my.toml:13:11: coalition: the end of the line where ] should close the header
my.toml:15:16: coalition.land: the end of the line where ] should close the header
my.toml:16:2: ] where a key should stand
my.toml:17:4: .b] where a key should stand
my.toml:18:1: ä = 3 where a key should stand (letters beyond a-z need quotes)
my.toml:19:1: ."x" = 3 where a key should stand
my.toml:20:1: "a\qb" is not a key: invalid escape in string '\q'
my.toml:21:1: 'x = 3 has no closing ' on its line`},

		{name: "not TOML inside", text: `
[study]
runs = 3
factors = [
  { key = "a", values = [1, 2 3] },
  { key = "b" values = [1] },
]
uncertain = ["a" "b",
  "c"]
weights = { a = 1, = 2 }
method = 2R
[expect]
measure = [ "a",
[[expect]]
measure = 3
max = { a = 1
[strike]
salvo = 300`, want: `
my.toml:6:15: study.factors[1]: values = [1] }, where , or } should stand
my.toml:8:18: study.uncertain: "b", where , or ] should stand
my.toml:10:20: = 2 } where a key should stand
my.toml:11:10: study.method: 2R cannot be read (a number stands without its unit; text needs quotes)
my.toml:12:2: expect: [expect] must be an array of tables: [[expect]]
my.toml:14:3: expect: given twice (first at line 12)
my.toml:15:1: expect.measure: measure = 3 where , or ] should stand
my.toml:17:1: expect.max: [strike] where , or } should stand
my.toml:18:9: strike.salvo: 300 must be a whole number of 8 bits, not negative`},

		{name: "text without an end", text: `
seed = -1
title = """
[strike]
salvo = 300`, want: `
my.toml:2:8: seed: -1 must not be negative
my.toml:3:9: title: """ has no closing """`},

		{name: "brackets without an end", text: `
seed = -1
study.factors = [{ key = "a",
  values = [1, [2`, want: `
my.toml:2:8: seed: -1 must not be negative
my.toml:4:18: study.factors[0].values[1]: the end of the line where , or ] should stand`},

		{name: "a brace without an end", text: `
study = { runs = 3, stop = { width = -0.1, `, want: `
my.toml:2:28: study.stop: { width = -0.1, has no closing }`},

		{name: "deep in a value", text: `
study = { runs = 3, factors = [{ key = "a", values = [1, 0x, { a = [2, 1__0] }] }] }`, want: `
my.toml:2:58: study.factors[0].values[1]: 0x cannot be read: not a hexadecimal number: '0x,'`},

		{name: "terminals", text: "" +
			"\n\"\\u001b[31mred\\u202e\" = 1" +
			"\ntitle = \"\\u001b[31mred\"" +
			"\nstrike.salvo = \"\\u009b31m\u202ex\\u0007\"" +
			"\ncoalition.roe = \"a\x1bb\" # \x07" +
			"\n# \x7f" +
			"\nseed = \u202e" +
			"\n[\u009b]", want: `
my.toml:2:1: "\u001B[31mred\u202E": no such parameter
my.toml:3:9: title: "\u001b[31mred" must be text without control characters
my.toml:4:16: strike.salvo: "\u009b31m\u202Ex\u0007" must be a whole number
my.toml:5:19: the control character 0x1b cannot stand in a file
my.toml:6:3: the control character 0x7f cannot stand in a file
my.toml:7:8: seed: \u202E cannot be read (text needs quotes)
my.toml:8:2: \u009B] where a key should stand (letters beyond a-z need quotes)`},
		{name: "long keys and values", text: "" +
			"\n" + strings.Repeat("x", 2000) + " = 3" +
			"\n" + strings.Repeat("y.", 600) + "y = 3" +
			"\n" + strings.Repeat("z.", 40) + "z = 3" +
			"\n" + strings.Repeat("k", 200) + " = 3" +
			"\ntitle = \"" + strings.Repeat("é", 2500) + "\"" +
			"\nseed = \"" + strings.Repeat("x", 100) + "\"" +
			"\nstudy.runs = 1" +
			"\nstudy.factors = " + strings.Repeat("[", 40) +
			"\n[" + strings.Repeat("t.", 40) + "t]", want: `
my.toml:2:1: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be at most 1024 bytes long
my.toml:3:1: y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.y.…: must be at most 1024 bytes long
my.toml:4:1: z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z.z: must not nest more than 32 deep
my.toml:5:1: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: no such parameter
my.toml:6:9: title: "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé… must be at most 4096 bytes of text
my.toml:7:8: seed: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… must be a whole number
my.toml:9:48: study.factors[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]…: must not nest more than 32 deep
my.toml:10:2: t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t.t: must not nest more than 32 deep`},

		{name: "columns are characters", text: `
title = "élan ☃" # é
strike = { "é☃" = 3, salvo = -1 }
	seed = -1`, want: `
my.toml:3:12: strike."é☃": no such parameter
my.toml:3:30: strike.salvo: -1 must be a whole number of 8 bits, not negative
my.toml:4:9: seed: -1 must not be negative`},

		{name: "byte order mark", text: "#!\ufeffextends = 'baseline'\nseed = -1\n", want: `
my.toml:1:1: the file starts with a byte order mark (save it as UTF-8 without BOM)
my.toml:2:8: seed: -1 must not be negative`},
		{name: "windows", text: "\r\nseed = -1 # x\r\n[strike]\r\nsalvo =\r\ntitle = '''\r\n'''\r\n", want: `
my.toml:2:8: seed: -1 must not be negative
my.toml:4:8: strike.salvo: the end of the line where a value should stand
my.toml:5:1: strike.title: no such parameter (did you mean title? It stands above the first table)`},
		{name: "old macintosh", text: "#!extends = 'baseline'\rseed = -1\r", want: `
my.toml:1:21: the control character 0x0d cannot stand in a file`},
		{name: "UTF-16", text: "#!\xff\xfee\x00", want: `
my.toml:1:1: the file is UTF-16 (save it as UTF-8)`},
		{name: "UTF-16 without mark", text: "#!e\x00x\x00", want: `
my.toml:1:1: the file is UTF-16 (save it as UTF-8)`},
		{name: "NUL", text: "\nseed = -1\ntitle = \"\x00\"", want: `
my.toml:3:10: the file holds a NUL byte, so it is no text`},
		{name: "latin 1", text: "\nseed = -1\ntitle = \"\xe9\"", want: `
my.toml:3:10: the byte 0xe9 is not UTF-8 (save the file as UTF-8)`},
		{name: "over 1 MiB", text: "#!" + strings.Repeat("# 34567\n", 1<<17) + "#", want: `
my.toml:1:1: the file is over 1 MiB`},
		{name: "long line", text: "\nseed = -1\n#" + strings.Repeat("x", 1<<16), want: `
my.toml:3:1: the line is over 64 KiB long`},
	})
}

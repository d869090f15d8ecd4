// Package portable has elementary and special functions that give the same bits on every machine.
// Start at [Exp] and [Log]. It knows neither streams nor wars.
//
// Those of package math do not: some are written in assembly for some processors, and elsewhere the
// compiler may fuse a product and a sum, x*y + z, into one instruction that rounds once. The language
// forbids that across an explicit conversion, so here every product that feeds a sum is written
// float64(x*y) + z, and what is left is IEEE 754 arithmetic and square roots. A test of package sim looks for
// fused instructions in the compiled code; a test here pins a hash of results from every function.
package portable

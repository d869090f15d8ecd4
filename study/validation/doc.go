// Package validation holds the war against what is expected of it: behaviours that must show when one
// lever moves and everything else, luck included, stays as it is ([Behaviours]); and figures of past
// wars that the same code should come near ([Calibration]). Start at [Card], which both give: what was
// expected, what came, how sure that is, and where the model disagrees, why.
//
// It knows the war as a user does: scenarios are made by assignments to the embedded baseline, and
// histories are read from their outcomes and traces. It knows nothing of results on disk.
package validation

// Package dialects lists the questions about SePay that the documentation leaves open, with the variants that the simulator
// can speak. It imports nothing of the project.
package dialects

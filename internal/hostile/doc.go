// Package hostile has the provider work against services that misbehave: its tests start it in a process of its own, so
// that memory and processor time can be measured.
package hostile

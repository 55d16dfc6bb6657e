// Package soak holds the test that lets several processes of the provider work for an hour of simulated time.
package soak

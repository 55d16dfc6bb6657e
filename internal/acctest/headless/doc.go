// Package headless drives a headless Chromium for tests of pages, on Linux.
package headless

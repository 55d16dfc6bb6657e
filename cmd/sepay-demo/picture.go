package main

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"
)

// Sizes in pixels, for a font of 13.
const (
	charWidth  = 7.82
	lineHeight = 19
	margin     = 18
	barHeight  = 34
)

// picture returns an SVG of a terminal that shows lines of the demo's output. It has no outside resources.
func picture(title string, lines []string) []byte {
	columns := 0
	for _, line := range lines {
		columns = max(columns, len([]rune(line)))
	}

	width := int(float64(columns)*charWidth) + 2*margin
	height := barHeight + len(lines)*lineHeight + margin

	var svg bytes.Buffer

	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" role="img" aria-labelledby="title">
<title id="title">%s</title>
<rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>
<g><circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/>`+
		`<circle cx="60" cy="18" r="6" fill="#28c840"/></g>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="13">
`, width, height, width, html.EscapeString(title))

	for i, line := range lines {
		if line == "" {
			continue
		}

		weight := ""
		if color(line) == headingColor {
			weight = ` font-weight="bold"`
		}

		fmt.Fprintf(&svg, `<text x="%d" y="%d" fill="%s"%s>%s</text>`+"\n",
			margin, barHeight+(i+1)*lineHeight-5, color(line), weight, html.EscapeString(keepSpaces(line)))
	}

	svg.WriteString("</g>\n</svg>\n")

	return svg.Bytes()
}

// keepSpaces keeps the columns of a line: viewers join ordinary spaces.
func keepSpaces(line string) string { return strings.ReplaceAll(line, " ", "\u00a0") }

const headingColor = "#ffffff"

// color returns the color of a line in a terminal.
func color(line string) string {
	shown, isOutput := strings.CutPrefix(line, "  | ")

	switch text := strings.TrimSpace(shown); {
	case strings.HasPrefix(line, "  $ "):
		return "#79c0ff"
	case strings.HasPrefix(line, "  ok: "):
		return "#7ee787"
	case isOutput && strings.HasPrefix(text, "~ "):
		return "#e3b341"
	case isOutput && strings.HasPrefix(text, "+ "):
		return "#7ee787"
	case isOutput && strings.HasPrefix(text, "- "):
		return "#ff7b72"
	case isOutput:
		return "#e6edf3"
	case !strings.HasPrefix(line, " "):
		return headingColor
	default:
		return "#9198a1"
	}
}

// recorder forwards the output, and records the scenes of the picture.
type recorder struct {
	io.Writer
	recording bool
	kept      bytes.Buffer
}

func (r *recorder) Write(text []byte) (int, error) {
	if r.recording {
		r.kept.Write(text)
	}

	n, err := r.Writer.Write(text)
	if err != nil {
		return n, fmt.Errorf("print: %w", err)
	}

	return n, nil
}

func (r *recorder) lines() []string {
	return strings.Split(strings.TrimSpace(r.kept.String()), "\n")
}

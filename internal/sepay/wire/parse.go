package wire

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	// maxNumber and maxExponent limit a number: the memory of Terraform's big number grows with the exponent.
	maxNumber   = 100
	maxExponent = 100
)

// vietnamTime is the zone of all dates of SePay, which have no offset. There has been no daylight saving time since
// 1975, so no time zone database is needed.
func vietnamTime() *time.Location { return time.FixedZone("+07:00", 7*60*60) }

// scalarText returns a string's value, or a number or boolean as it is written; "" for everything else.
func scalarText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	default:
		return ""
	}
}

// isBlank reports whether a value is an empty text or has only spaces.
func isBlank(value any) bool {
	text, ok := value.(string)

	return ok && strings.TrimSpace(text) == ""
}

func parseText(value any) (string, bool, error) {
	switch value.(type) {
	case []any, map[string]any:
		return "", false, fmt.Errorf("a text was expected, not %s", describe(value))
	default:
		return scalarText(value), true, nil
	}
}

func parseInteger(value any) (int64, bool, error) {
	if isBlank(value) {
		return 0, false, nil
	}

	text := strings.TrimSpace(scalarText(value))
	if number, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number, true, nil
	}

	// A database column of decimals shows as 25.00.
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0") == "" {
		if number, err := strconv.ParseInt(whole, 10, 64); err == nil {
			return number, true, nil
		}
	}

	return 0, false, fmt.Errorf("a whole number was expected, not %s", describe(value))
}

func parseFlag(value any) (bool, bool, error) {
	// PHP writes false as a blank text where it writes every scalar as a string.
	if isBlank(value) {
		return false, true, nil
	}

	switch strings.ToLower(strings.TrimSpace(scalarText(value))) {
	case "true", "1":
		return true, true, nil
	case "false", "0":
		return false, true, nil
	}

	return false, false, fmt.Errorf("true or false was expected, not %s", describe(value))
}

// parseNumber keeps the digits: a float64 does not hold all decimals of a balance.
func parseNumber(value any) (json.Number, bool, error) {
	if isBlank(value) {
		return "", false, nil
	}

	text := strings.TrimSpace(scalarText(value))

	_, err := strconv.ParseFloat(text, 64)
	_, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	power, _ := strconv.Atoi(exponent) // 0, or the nearest possible number

	tooLong := len(text) > maxNumber || scientific && (power > maxExponent || power < -maxExponent)

	if err != nil || tooLong || strings.ContainsAny(text, "xXpP_nN") {
		return "", false, fmt.Errorf("a number was expected, not %s", describe(value))
	}

	return json.Number(text), true, nil
}

func parseDate(value any) (time.Time, bool, error) {
	text := strings.TrimSpace(scalarText(value))
	if isBlank(value) || strings.HasPrefix(text, "0000-00-00") {
		return time.Time{}, false, nil
	}

	zone := vietnamTime()

	for _, layout := range []string{time.DateTime, time.RFC3339, "2006-01-02T15:04:05"} {
		date, err := time.ParseInLocation(layout, text, zone)
		// In Vietnam's time zone, the year may be out of the range of RFC 3339.
		if date = date.In(zone); err == nil && date.Year() >= 1 && date.Year() <= 9999 {
			return date, true, nil
		}
	}

	return time.Time{}, false, fmt.Errorf("a date was expected, not %s", describe(value))
}

// describe returns the type of a value without the value, which may be a secret.
func describe(value any) string {
	switch value.(type) {
	case string:
		return "another text"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case bool:
		return "a boolean"
	default:
		return "a number in another form"
	}
}

package oauth

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// copyPrefix begins the name of each emergency copy of one record. A copy is found by it, whatever the end of its name:
// a name that can be known beforehand could be taken by somebody else.
func copyPrefix(location string) string {
	sum := sha256.Sum256([]byte("emergency copy\x00" + location))

	return "terraform-provider-sepay-" + hex.EncodeToString(sum[:8]) + "-"
}

// writeEmergencyCopy keeps a record that cannot be saved at its location in the temporary directory.
func writeEmergencyCopy(dir, location string, r *record) (string, error) {
	data, err := r.encode()
	if err != nil {
		return "", err
	}

	// CreateTemp makes the file for this user only, under a name that nobody can have prepared.
	file, err := os.CreateTemp(dir, copyPrefix(location)+"*"+recordSuffix)
	if err != nil {
		return "", err
	}

	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(file.Name())

		return "", err
	}

	return filepath.Clean(file.Name()), nil
}

// emergencyCopies are the paths of a record's copies.
func emergencyCopies(dir, location string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}

	var paths []string

	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), copyPrefix(location)) && strings.HasSuffix(entry.Name(), recordSuffix) {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}

	return paths
}

// readEmergencyCopy reads a copy that only this user can have written and read. Anything else in a directory that all users
// share is not trusted.
func readEmergencyCopy(path string) (*record, error) {
	file, err := openNoFollow(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()

	if err := checkPrivate(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	data, err := io.ReadAll(io.LimitReader(file, maxRecordSize))
	if err != nil {
		return nil, err
	}

	r, err := decodeRecord(data)
	if err != nil {
		return nil, err
	}

	r.copy = path

	return r, nil
}

package tokenstore

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

// copyPrefix returns the prefix of the names of a record's emergency copies. The rest of a name is random: another user could
// create a file under a predictable name first.
func copyPrefix(location string) string {
	sum := sha256.Sum256([]byte("emergency copy\x00" + location))

	return "terraform-provider-sepay-" + hex.EncodeToString(sum[:8]) + "-"
}

// WriteCopy writes a record that cannot be saved at its location to the temporary directory dir, and returns the path.
func WriteCopy(dir, location string, r *Record) (string, error) {
	data, err := r.Encode()
	if err != nil {
		return "", err
	}

	// CreateTemp creates the file with mode 0600, under an unpredictable name.
	file, err := os.CreateTemp(dir, copyPrefix(location)+"*"+RecordSuffix)
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

// Copies returns the paths of a record's copies.
func Copies(dir, location string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}

	var paths []string

	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), copyPrefix(location)) && strings.HasSuffix(entry.Name(), RecordSuffix) {
			paths = append(paths, filepath.Join(dir, entry.Name()))
		}
	}

	return paths
}

// ReadCopy reads a copy. It rejects files that other users could have written or read: all users share the temporary
// directory.
func ReadCopy(path string) (*Record, error) {
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

	r, err := Decode(data)
	if err != nil {
		return nil, err
	}

	r.CopyPath = path

	return r, nil
}

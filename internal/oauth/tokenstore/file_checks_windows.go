//go:build windows

package tokenstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

func stateHome() (string, error) {
	if dir := os.Getenv("LocalAppData"); dir != "" {
		return dir, nil
	}

	return "", errors.New("%LocalAppData% is not set")
}

// checkDirectory rejects anything but a plain directory. The access control list that it inherits from the user's profile
// protects it; there are no mode bits to restrict.
func checkDirectory(dir string, _ bool) (open bool, err error) {
	info, err := os.Lstat(dir)
	if err != nil {
		return false, err
	}

	switch {
	case info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0:
		return false, fmt.Errorf("%s is a link: %w", dir, errUnsafe)
	case !info.IsDir():
		return false, fmt.Errorf("%s is not a directory: %w", dir, errUnsafe)
	}

	return false, nil
}

func openNoFollow(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}

	if info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		return nil, fmt.Errorf("%s is a link: %w", path, errUnsafe)
	}

	return os.Open(path)
}

func checkFile(file *os.File, _ bool) (open bool, err error) {
	info, err := file.Stat()
	if err != nil {
		return false, err
	}

	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("not a regular file: %w", errUnsafe)
	}

	return false, nil
}

// checkPrivate rejects anything but a plain file. The temporary directory belongs to the user's profile.
func checkPrivate(file *os.File) error {
	_, err := checkFile(file, false)

	return err
}

// syncDirectory does nothing: NTFS journals renames, and a directory cannot be flushed.
func syncDirectory(string) error { return nil }

// renameRetryable reports whether another program may have the target open temporarily.
func renameRetryable(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED) ||
		errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}

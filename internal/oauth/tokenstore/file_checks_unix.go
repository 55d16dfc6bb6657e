//go:build unix

package tokenstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

const (
	othersMayWrite = 0o022
	othersMayRead  = 0o077
)

func stateHome() (string, error) {
	if runtime.GOOS == "darwin" {
		return os.UserConfigDir()
	}

	// The XDG specification requires programs to ignore a relative path.
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}

	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}

	if !filepath.IsAbs(home) {
		return "", errors.New("$HOME is not an absolute path")
	}

	return filepath.Join(home, ".local", "state"), nil
}

// checkDirectory rejects a directory that another user could have created or can change: a planted record would
// send this user's client secret with a token of the other user. open reports whether others could read the directory.
func checkDirectory(dir string, tighten bool) (open bool, err error) {
	info, err := os.Lstat(dir)
	if err != nil {
		return false, err
	}

	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return false, fmt.Errorf("%s is a symbolic link: %w", dir, errUnsafe)
	case !info.IsDir():
		return false, fmt.Errorf("%s is not a directory: %w", dir, errUnsafe)
	case !ownedByUs(info):
		return false, fmt.Errorf("%s belongs to another user: %w", dir, errUnsafe)
	case info.Mode().Perm()&othersMayWrite != 0:
		return false, fmt.Errorf("other users may write to %s: %w", dir, errUnsafe)
	case info.Mode().Perm()&othersMayRead == 0:
		return false, nil
	case !tighten:
		return true, nil
	}

	if err := os.Chmod(dir, PrivateDirectory); err != nil {
		return false, fmt.Errorf("other users may read %s: %w", dir, err)
	}

	return true, nil
}

func openNoFollow(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%s is a symbolic link: %w", path, errUnsafe)
	}

	return file, err
}

func checkFile(file *os.File, tighten bool) (open bool, err error) {
	info, err := file.Stat()
	if err != nil {
		return false, err
	}

	switch {
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("not a regular file: %w", errUnsafe)
	case !ownedByUs(info):
		return false, fmt.Errorf("it belongs to another user: %w", errUnsafe)
	case info.Mode().Perm()&othersMayRead == 0:
		return false, nil
	case !tighten:
		return true, nil
	}

	if err := file.Chmod(PrivateFile); err != nil {
		return false, fmt.Errorf("other users may read it: %w", err)
	}

	return true, nil
}

// checkPrivate rejects a file that another user could have written or read.
func checkPrivate(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}

	if !info.Mode().IsRegular() || !ownedByUs(info) || info.Mode().Perm()&othersMayRead != 0 {
		return errUnsafe
	}

	return nil
}

func ownedByUs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)

	return ok && int64(stat.Uid) == int64(os.Geteuid())
}

// syncDirectory makes a rename durable. It ignores the error of network file systems that cannot sync a directory.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()

	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return fmt.Errorf("sync %s: %w", dir, err)
	}

	return nil
}

func renameRetryable(error) bool { return false }

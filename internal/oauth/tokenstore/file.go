package tokenstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// Modes of directories and files with tokens, for this user only, and name suffixes of records, lock files and temporary files.
const (
	PrivateDirectory = 0o700
	PrivateFile      = 0o600

	RecordSuffix  = ".json"
	LockSuffix    = ".lock"
	TempSuffix    = ".tmp"
	maxRecordSize = 1 << 20

	// renameRetry is how long to retry a rename on Windows, where a virus scanner or an indexer may have the file open.
	renameRetry = 2 * time.Second
)

// DefaultDirectory returns the default store in the system's directory for program state: $XDG_STATE_HOME or ~/.local/state
// on Linux, Application Support on macOS, %LocalAppData% on Windows. It is neither a cache nor in .terraform, because users
// delete both.
func DefaultDirectory() (string, error) {
	base, err := stateHome()
	if err != nil {
		return "", noHome(err)
	}

	return filepath.Join(base, "terraform-provider-sepay"), nil
}

// OpenFile returns a store in a directory, which the first save creates. The path must be absolute, so that a configuration
// finds its records from every working directory.
func OpenFile(dir string) (Store, error) {
	if !filepath.IsAbs(dir) {
		return nil, relativePath(dir)
	}

	return NewFile(filepath.Clean(dir)), nil
}

// File is a store in a directory, with one file per record.
type File struct {
	dir         string
	inspectOnly bool // never changes modes
	warnings    diagnostic.Warnings

	// Operations of the operating system, which tests replace to make them fail.
	Rename    func(from, to string) error
	retryable func(error) bool
	Sync      func(*os.File) error
	// TempWritten is called after the new content is written to a temporary file.
	TempWritten func()
}

// NewFile returns the store in a directory with an absolute path.
func NewFile(dir string) *File {
	return &File{
		dir: dir, Rename: os.Rename, retryable: renameRetryable, Sync: (*os.File).Sync, TempWritten: func() {},
	}
}

// readOnly returns the same store for inspection.
func (f *File) readOnly() *File {
	readOnly := NewFile(f.dir)
	readOnly.inspectOnly = true

	return readOnly
}

// String implements Store.
func (f *File) String() string { return f.dir }

// Location implements Store.
func (f *File) Location(name string) string {
	return filepath.Join(f.dir, name+RecordSuffix)
}

// Name implements Store.
func (f *File) Name(tokenURL, clientID, key, seed string) string {
	return directoryName(tokenURL, clientID, key, seed)
}

// TakeWarnings implements Store.
func (f *File) TakeWarnings() []diagnostic.Warning { return f.warnings.Take() }

// Load implements Store.
func (f *File) Load(_ context.Context, name string) ([]byte, error) {
	if exists, err := f.checkDirectory(); err != nil || !exists {
		return nil, err
	}

	path := f.Location(name)

	file, err := openNoFollow(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}

	if err != nil {
		return nil, err
	}
	defer file.Close()

	open, err := checkFile(file, !f.inspectOnly)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	if open {
		f.warnings.Add(ReadableByOthers(path, !f.inspectOnly))
	}

	data, err := io.ReadAll(io.LimitReader(file, maxRecordSize))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}

	if len(data) == 0 {
		return nil, fmt.Errorf("%s: %w", path, errUnreadable)
	}

	return data, nil
}

// Save replaces the record atomically: the file always has either the old content or the new one. If locks do not exclude other
// processes, the comparison with previous protects a record that another process saved in the meantime.
func (f *File) Save(ctx context.Context, name string, data, previous []byte) error {
	if err := f.prepareDirectory(); err != nil {
		return err
	}

	target := f.Location(name)
	f.removeLeftovers(target)

	temp := target + "." + rand.Text() + TempSuffix
	if err := f.writeTemp(temp, data); err != nil {
		_ = os.Remove(temp)

		return err
	}

	f.TempWritten()

	current, err := f.Load(ctx, name)
	if err == nil && !bytes.Equal(current, previous) {
		err = ErrChanged
	}

	if err == nil {
		err = f.replace(ctx, temp, target)
	}

	if err != nil {
		_ = os.Remove(temp)

		return err
	}

	return syncDirectory(f.dir)
}

func (f *File) writeTemp(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, PrivateFile)
	if err != nil {
		return err
	}

	_, err = file.Write(data)
	if err == nil {
		err = f.Sync(file)
	}

	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}

	return nil
}

func (f *File) replace(ctx context.Context, from, to string) error {
	const pause = 20 * time.Millisecond

	for left := renameRetry; ; left -= pause {
		err := f.Rename(from, to)
		if err == nil || left <= 0 || !f.retryable(err) {
			return err
		}

		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// removeLeftovers deletes temporary files of killed processes, which contain tokens. The caller holds the client's lock, so
// none of them is in use. It compares names rather than matching a pattern, because the path may contain pattern characters.
func (f *File) removeLeftovers(target string) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return
	}

	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), filepath.Base(target)+".") && strings.HasSuffix(entry.Name(), TempSuffix) {
			_ = os.Remove(filepath.Join(f.dir, entry.Name()))
		}
	}
}

// TryWrite checks that a record can be saved, with a temporary file that it removes. The caller holds the client's lock.
func (f *File) TryWrite(name string) error {
	if err := f.prepareDirectory(); err != nil {
		return err
	}

	const recordSize = 8 << 10

	temp := f.Location(name) + "." + rand.Text() + TempSuffix
	err := f.writeTemp(temp, make([]byte, recordSize))

	return errors.Join(err, removeIfExists(temp))
}

// Remove implements Store.
func (f *File) Remove(_ context.Context, name string) error {
	return removeIfExists(f.Location(name))
}

func removeIfExists(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}

	return nil
}

// Lists implements Store.
func (f *File) Lists() bool { return true }

// List implements Store.
func (f *File) List(context.Context) ([]string, error) {
	if exists, err := f.checkDirectory(); err != nil || !exists {
		return nil, err
	}

	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}

	var names []string

	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), RecordSuffix); ok {
			names = append(names, name)
		}
	}

	return names, nil
}

// TryLock locks all records of the client: the same token may be stored under several names.
func (f *File) TryLock(_ context.Context, client string, _ ...string) (func(), string, error) {
	if err := f.prepareDirectory(); err != nil {
		return nil, "", err
	}

	return tryLockFile(filepath.Join(f.dir, client+LockSuffix))
}

func (f *File) prepareDirectory() error {
	if err := os.MkdirAll(f.dir, PrivateDirectory); err != nil {
		return err
	}

	_, err := f.checkDirectory()

	return err
}

func (f *File) checkDirectory() (exists bool, err error) {
	open, err := checkDirectory(f.dir, !f.inspectOnly)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}

	if err != nil {
		return false, err
	}

	if open {
		f.warnings.Add(ReadableByOthers(f.dir, !f.inspectOnly))
	}

	return true, nil
}

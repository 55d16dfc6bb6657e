package oauth

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
)

const (
	privateDirectory = 0o700
	privateFile      = 0o600

	recordSuffix  = ".json"
	lockSuffix    = ".lock"
	tempSuffix    = ".tmp"
	maxRecordSize = 1 << 20

	// renameRetry is how long Windows gets to let go of a file that a virus scanner or an indexer has open.
	renameRetry = 2 * time.Second
)

// DefaultDirectory is where the system keeps the state of programs: $XDG_STATE_HOME or ~/.local/state on Linux,
// Application Support on macOS, %LocalAppData% on Windows. It is neither a cache nor .terraform, both of which people delete.
func DefaultDirectory() (string, error) {
	base, err := stateHome()
	if err != nil {
		return "", noHome(err)
	}

	return filepath.Join(base, "terraform-provider-sepay"), nil
}

// OpenFileStore keeps records in a directory of this machine, created when first needed. The path must be absolute, so
// that the same configuration finds its records from every working directory.
func OpenFileStore(dir string) (Store, error) {
	if !filepath.IsAbs(dir) {
		return nil, relativePath(dir)
	}

	return newFileStore(filepath.Clean(dir)), nil
}

type fileStore struct {
	dir      string
	looks    bool // changes nothing
	warnings warnings

	// What the operating system does, so that tests can make it fail.
	rename    func(from, to string) error
	retryable func(error) bool
	sync      func(*os.File) error
	// tempWritten is called when the new content is in a temporary file.
	tempWritten func()
}

func newFileStore(dir string) *fileStore {
	return &fileStore{
		dir: dir, rename: os.Rename, retryable: renameRetryable, sync: (*os.File).Sync, tempWritten: func() {},
	}
}

// readOnly is the same store for somebody who only looks.
func (f *fileStore) readOnly() *fileStore {
	looking := newFileStore(f.dir)
	looking.looks = true

	return looking
}

func (f *fileStore) String() string { return f.dir }

func (f *fileStore) location(name string) string {
	return filepath.Join(f.dir, name+recordSuffix)
}

func (f *fileStore) name(tokenURL, clientID, key, seed string) string {
	return directoryName(tokenURL, clientID, key, seed)
}

func (f *fileStore) takeWarnings() []Warning { return f.warnings.take() }

func (f *fileStore) load(_ context.Context, name string) ([]byte, error) {
	if exists, err := f.checkDirectory(); err != nil || !exists {
		return nil, err
	}

	path := f.location(name)

	file, err := openNoFollow(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}

	if err != nil {
		return nil, err
	}
	defer file.Close()

	open, err := checkFile(file, !f.looks)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	if open {
		f.warnings.add(openToOthers(path, !f.looks))
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

// save replaces the record in one step: at every instant the file has the old content or the new one, whole. Where locks do
// not hold, the comparison keeps it from replacing what another process has saved since.
func (f *fileStore) save(ctx context.Context, name string, data, was []byte) error {
	if err := f.prepareDirectory(); err != nil {
		return err
	}

	target := f.location(name)
	f.removeLeftovers(target)

	temp := target + "." + rand.Text() + tempSuffix
	if err := f.writeTemp(temp, data); err != nil {
		_ = os.Remove(temp)

		return err
	}

	f.tempWritten()

	now, err := f.load(ctx, name)
	if err == nil && !bytes.Equal(now, was) {
		err = errChanged
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

func (f *fileStore) writeTemp(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateFile)
	if err != nil {
		return err
	}

	_, err = file.Write(data)
	if err == nil {
		err = f.sync(file)
	}

	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}

	return nil
}

func (f *fileStore) replace(ctx context.Context, from, to string) error {
	const pause = 20 * time.Millisecond

	for left := renameRetry; ; left -= pause {
		err := f.rename(from, to)
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

// removeLeftovers deletes temporary files of processes that were killed. The caller holds the client's lock, so none of
// them is in use; they would only be copies of tokens that nobody looks after. The names are compared and not matched with
// a pattern, because the directory's name may look like one.
func (f *fileStore) removeLeftovers(target string) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return
	}

	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), filepath.Base(target)+".") && strings.HasSuffix(entry.Name(), tempSuffix) {
			_ = os.Remove(filepath.Join(f.dir, entry.Name()))
		}
	}
}

// tryWrite finds out whether a record could be saved, and leaves nothing behind. The caller holds the client's lock.
func (f *fileStore) tryWrite(name string) error {
	if err := f.prepareDirectory(); err != nil {
		return err
	}

	const aRecord = 8 << 10

	temp := f.location(name) + "." + rand.Text() + tempSuffix
	err := f.writeTemp(temp, make([]byte, aRecord))

	return errors.Join(err, removeIfThere(temp))
}

func (f *fileStore) remove(_ context.Context, name string) error {
	return removeIfThere(f.location(name))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}

	return nil
}

func (f *fileStore) lists() bool { return true }

func (f *fileStore) list(context.Context) ([]string, error) {
	if exists, err := f.checkDirectory(); err != nil || !exists {
		return nil, err
	}

	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}

	var names []string

	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), recordSuffix); ok {
			names = append(names, name)
		}
	}

	return names, nil
}

// tryLock locks all records of the client: under which name a token is stored does not matter to the server that spends it.
func (f *fileStore) tryLock(_ context.Context, client string, _ ...string) (func(), string, error) {
	if err := f.prepareDirectory(); err != nil {
		return nil, "", err
	}

	return tryLockFile(filepath.Join(f.dir, client+lockSuffix))
}

func (f *fileStore) prepareDirectory() error {
	if err := os.MkdirAll(f.dir, privateDirectory); err != nil {
		return err
	}

	_, err := f.checkDirectory()

	return err
}

func (f *fileStore) checkDirectory() (exists bool, err error) {
	open, err := checkDirectory(f.dir, !f.looks)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}

	if err != nil {
		return false, err
	}

	if open {
		f.warnings.add(openToOthers(f.dir, !f.looks))
	}

	return true, nil
}

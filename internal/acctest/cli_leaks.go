package acctest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Leaks returns the places of secrets that must not appear, in clear or encoded: any secret of the services in the output of
// commands and in the address or the user agent of a request, and a token or a client secret in any file except the token
// store. Secrets of webhooks may appear in files, because a state stores those that are not write-only arguments.
func (c *CLI) Leaks() []string {
	var leaks []string

	c.mu.Lock()
	printed := c.printed.String()
	c.mu.Unlock()

	for _, service := range c.sepay {
		secrets := service.Secrets()

		for _, found := range Search(printed, secrets...) {
			leaks = append(leaks, "a command printed "+found)
		}

		var requests strings.Builder
		for _, request := range service.Requests() {
			fmt.Fprintln(&requests, request.Method, request.Path, request.Query.Encode(), request.UserAgent)
		}

		for _, found := range Search(requests.String(), secrets...) {
			leaks = append(leaks, "the log of requests has "+found)
		}
	}

	return append(leaks, c.FilesWith(c.signInSecrets()...)...)
}

// PrintedWith returns where what the commands printed has one of the secrets in one of its forms: those that no service has been
// sent, which Leaks does not know.
func (c *CLI) PrintedWith(secrets ...string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()

	return Search(c.printed.String(), secrets...)
}

// signInSecrets are the tokens ever issued, and the clients' secrets.
func (c *CLI) signInSecrets() []string {
	var secrets []string

	for _, service := range c.sepay {
		secrets = append(append(secrets, service.IssuedTokens()...), service.Credentials().ClientSecret)
	}

	return secrets
}

// FilesWith returns the files below the working directory, the home directory and the temporary directory that contain
// one of the secrets, in clear or encoded, also in an archive such as a plan file. The token store is excluded.
func (c *CLI) FilesWith(secrets ...string) []string {
	var found []string

	store := filepath.Join(c.StateHome, "terraform-provider-sepay")

	err := filepath.WalkDir(c.root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == store:
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}

		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}

		if content, err = unpacked(content); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}

		for _, leak := range Search(string(content), secrets...) {
			found = append(found, path+" contains "+leak)
		}

		return nil
	})
	if err != nil {
		found = append(found, "not every file could be searched: "+err.Error())
	}

	return found
}

// unpacked returns the content of an archive, or the content itself if it is not an archive.
func unpacked(content []byte) ([]byte, error) {
	if !bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return content, nil
	}

	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}

	var all []byte

	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return nil, err
		}

		part, err := io.ReadAll(reader)
		if err != nil {
			return nil, err
		}

		all = append(all, part...)
	}

	return all, nil
}

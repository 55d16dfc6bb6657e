package conformance

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// startOIDCProvider starts oidc-provider on Node.js. Reuse of a refresh token revokes the token family.
func startOIDCProvider(t *testing.T, redirect string) *server {
	t.Helper()

	address := startNode(t, "oidc-provider.mjs", redirect)

	return front(t, kind{
		authorize: address + "/auth", token: address + "/token", introspect: address + "/token/introspection",
		revoke: address + "/token/revocation", scopes: []string{"openid", "offline_access"}, reuseRevokes: true,
	})
}

// startOAuth2Server starts @node-oauth/oauth2-server on Node.js. It rejects a reused refresh token and revokes
// nothing. A refresh does not revoke access tokens.
func startOAuth2Server(t *testing.T, redirect string) *server {
	t.Helper()

	address := startNode(t, "oauth2-server.mjs", redirect)

	return front(t, kind{
		authorize: address + "/authorize", token: address + "/token", introspect: address + "/introspect",
		revoke: address + "/revoke", scopes: []string{"webhook:read"},
	})
}

// startNode runs a script of testdata/node and returns the address that it prints. The script exits when its standard input ends.
func startNode(t *testing.T, script, redirect string) string {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), "node", script)
	cmd.Dir = nodePackages(t)
	cmd.Stderr = t.Output()
	cmd.Env = append(os.Environ(), "CLIENT_ID="+clientID, "CLIENT_SECRET="+clientSecret, "REDIRECT_URL="+redirect, "NODE_ENV=production")

	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}

	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})

	lines := bufio.NewReader(stdout)

	address, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v", script, err)
	}

	go func() { _, _ = io.Copy(io.Discard, lines) }()

	return strings.TrimSpace(address)
}

// nodePackages returns a directory with the scripts and their packages. They are installed once per version of the lock file, in
// the user's cache.
func nodePackages(t *testing.T) string {
	t.Helper()

	for _, program := range []string{"npm", "node"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("SKIPPED: %s is not installed, so this authorization server is not tested", program)
		}
	}

	directory, err := installNode()
	if err != nil {
		t.Fatal(err)
	}

	return directory
}

// installNode installs the packages once per process.
var installNode = sync.OnceValues(func() (string, error) {
	const source = "testdata/node"

	lock, err := os.ReadFile(filepath.Join(source, "package-lock.json"))
	if err != nil {
		return "", err
	}

	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}

	sum := sha256.Sum256(lock)
	directory := filepath.Join(cache, "terraform-provider-sepay", "conformance-"+hex.EncodeToString(sum[:8]))

	if err := os.MkdirAll(directory, 0o700); err != nil {
		return "", err
	}

	files, err := filepath.Glob(filepath.Join(source, "*"))
	if err != nil {
		return "", err
	}

	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}

		if err := os.WriteFile(filepath.Join(directory, filepath.Base(file)), data, 0o600); err != nil {
			return "", err
		}
	}

	done := filepath.Join(directory, "installed")
	if _, err := os.Stat(done); err == nil {
		return directory, nil
	}

	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = directory
	install.Stdout, install.Stderr = os.Stderr, os.Stderr

	if err := install.Run(); err != nil {
		return "", err
	}

	return directory, os.WriteFile(done, nil, 0o600)
})

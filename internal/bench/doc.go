// Package bench measures what a user waits for: whole commands of Terraform or OpenTofu, with the provider's own binary,
// against a simulated SePay. README.md has the latest results; the command in cmd makes them.
package bench

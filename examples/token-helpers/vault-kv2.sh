#!/bin/sh
# Keeps the SePay sign-in in HashiCorp Vault or OpenBao, in a KV version 2 engine, one secret for each key.
#
#   token_store  = "helper"
#   token_helper = ["/opt/sepay/vault-kv2.sh", "secret", "terraform/sepay"]   # the mount and a path in it
#
# The policy needs create, read and update on <mount>/data/<path>/*, and delete on <mount>/metadata/<path>/*.
set -eu

mount=$1 prefix=$2 verb=$3 path=$2/${4-}
lock_life=300 # seconds after which a lock counts as left by a job that was killed

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# read_field FIELD PATH: the exit code is 1 when there is no such secret. Vault ends every failure with 2, so its words
# must distinguish a missing secret from an unavailable Vault.
read_field() {
	vault kv get -mount="$mount" -field="$1" "$2" 2>"$errors" && return
	grep -q 'No value found at' "$errors" && return 1
	cat "$errors" >&2
	exit 2
}

# owner prints who asks for the lock; the provider names it on standard input, the same for lock and unlock.
owner() { sed -n 's/.*"owner": *"\([^"]*\)".*/\1/p'; }

# read_lock sets version, at and by; no lock is version 0.
read_lock() {
	version=0 at=0 by=
	if lock=$(vault kv get -mount="$mount" -format=json "$path.lock" 2>"$errors"); then
		version=$(printf '%s\n' "$lock" | sed -n 's/^ *"version": *\([0-9]*\).*/\1/p')
		at=$(printf '%s\n' "$lock" | sed -n 's/^ *"at": *"\([0-9]*\)".*/\1/p')
		by=$(printf '%s\n' "$lock" | sed -n 's/^ *"by": *"\([^"]*\)".*/\1/p')
	elif ! grep -q 'No value found at' "$errors"; then
		cat "$errors" >&2
		exit 2
	fi
}

write_lock() { vault kv put -mount="$mount" -cas="$version" "$path.lock" "$@" >/dev/null; }

case $verb in
get)
	if token=$(read_field token "$path"); then
		printf '{"token":"%s"}\n' "$token"
	else
		[ $? = 1 ] || exit 2
		echo '{}'
	fi
	;;
store) vault kv put -mount="$mount" "$path" - >/dev/null ;;
forget) vault kv metadata delete -mount="$mount" "$path" >/dev/null ;;
capabilities) echo '{"lock":true}' ;;
lock)
	# The version that was read makes the write fail when another job has written the lock since.
	read_lock
	if [ $(($(date +%s) - at)) -le "$lock_life" ]; then
		echo "locked by $by" >&2
		exit 1
	fi
	write_lock at="$(date +%s)" by="$(owner)"
	;;
unlock)
	# Only its holder releases a lock: it may be another job's by now. It is overwritten, as deleting has no condition.
	read_lock
	[ "$by" != "$(owner)" ] || write_lock at=0 by=
	;;
*)
	echo "unknown verb $verb for $prefix" >&2
	exit 64
	;;
esac

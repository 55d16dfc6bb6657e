#!/bin/sh
# Keeps the SePay sign-in in HashiCorp Vault or OpenBao, in a KV version 2 engine, one secret for each key.
#
#   token_store  = "helper"
#   token_helper = ["/opt/sepay/vault-kv2.sh", "secret", "terraform/sepay"]   # the mount and a path in it
#
# The policy needs create, read and update on <mount>/data/<path>/*, and delete on <mount>/metadata/<path>/*.
set -eu

mount=$1 prefix=$2 verb=$3 path=$2/${4-}
lock_life=300 # seconds after which a lock is taken for left behind by a job that was killed

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# read_field FIELD PATH: the exit code is 1 when there is no such secret. Vault ends every failure with 2, so its words
# have to tell a missing secret from a Vault that cannot be asked.
read_field() {
	vault kv get -mount="$mount" -field="$1" "$2" 2>"$errors" && return
	grep -q 'No value found at' "$errors" && return 1
	cat "$errors" >&2
	exit 2
}

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
	# -cas=0 writes only what is not there yet.
	if at=$(read_field at "$path.lock") && [ $(($(date +%s) - at)) -gt "$lock_life" ]; then
		vault kv metadata delete -mount="$mount" "$path.lock" >/dev/null
	fi
	vault kv put -mount="$mount" -cas=0 "$path.lock" at="$(date +%s)" by="$(uname -n)" >/dev/null
	;;
unlock) vault kv metadata delete -mount="$mount" "$path.lock" >/dev/null ;;
*)
	echo "unknown verb $verb for $prefix" >&2
	exit 64
	;;
esac

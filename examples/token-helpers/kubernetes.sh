#!/bin/sh
# Keeps the SePay sign-in in Kubernetes Secrets, one for each key. A key must be a name that Kubernetes allows.
#
#   token_store  = "helper"
#   token_helper = ["/opt/sepay/kubernetes.sh", "ci"]   # the namespace
#
# The service account needs get, create, patch and delete on secrets, and get, create and
# update on configmaps of the namespace.
set -eu

namespace=$1 verb=$2 name=sepay-${3-}
lock_life=300 # seconds after which a lock counts as left by a job that was killed

in_namespace() { kubectl --namespace "$namespace" "$@"; }

# owner prints who asks for the lock; the provider names it on standard input, the same for lock and unlock.
owner() { sed -n 's/.*"owner": *"\([^"]*\)".*/\1/p'; }

# read_lock sets version, at and by; no lock has no version.
read_lock() {
	lock=$(in_namespace get configmap "$name-lock" --ignore-not-found \
		--output 'jsonpath={.metadata.resourceVersion} {.data.at} {.data.by}')
	version=${lock%% *} at=0 by=
	[ -z "$version" ] || {
		lock=${lock#* }
		at=${lock%% *} by=${lock#* }
	}
}

# write_lock AT BY fails when another job was first: create when there is a lock, replace when its version has changed.
write_lock() {
	printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"%s},"data":{"at":"%s","by":"%s"}}' \
		"$name-lock" "${version:+,\"resourceVersion\":\"$version\"}" "$1" "$2" |
		if [ -n "$version" ]; then
			in_namespace replace --filename - >/dev/null
		else
			in_namespace create --filename - >/dev/null
		fi
}

case $verb in
get)
	# The values of a Secret are base64, and so is the token: it is stored as it comes. A cluster that cannot be asked is a
	# failure of kubectl; only a missing Secret prints nothing.
	token=$(in_namespace get secret "$name" --ignore-not-found --output 'jsonpath={.data.token}')
	if [ -n "$token" ]; then
		printf '{"token":"%s"}\n' "$token"
	else
		echo '{}'
	fi
	;;
store)
	printf '{"apiVersion":"v1","kind":"Secret","type":"Opaque","metadata":{"name":"%s"},"data":%s}' "$name" "$(cat)" |
		in_namespace apply --server-side --force-conflicts --filename - >/dev/null
	;;
forget) in_namespace delete secret "$name" --ignore-not-found >/dev/null ;;
capabilities) echo '{"lock":true}' ;;
lock)
	read_lock
	if [ $(($(date +%s) - at)) -le "$lock_life" ]; then
		echo "locked by $by" >&2
		exit 1
	fi
	write_lock "$(date +%s)" "$(owner)"
	;;
unlock)
	# Only its holder releases a lock: it may be another job's by now. It is overwritten, as deleting has no condition.
	read_lock
	[ "$by" != "$(owner)" ] || write_lock 0 ''
	;;
*)
	echo "unknown verb $verb" >&2
	exit 64
	;;
esac

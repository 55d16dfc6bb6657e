#!/bin/sh
# Keeps the SePay sign-in in Kubernetes Secrets, one for each key. A key must be a name that Kubernetes allows.
#
#   token_store  = "helper"
#   token_helper = ["/opt/sepay/kubernetes.sh", "ci"]   # the namespace
#
# The service account needs get, create, patch and delete on secrets and configmaps of the namespace.
set -eu

namespace=$1 verb=$2 name=sepay-${3-}
lock_life=300 # seconds after which a lock is taken for left behind by a job that was killed

in_namespace() { kubectl --namespace "$namespace" "$@"; }

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
	# create fails when somebody else was first.
	at=$(in_namespace get configmap "$name-lock" --ignore-not-found --output 'jsonpath={.data.at}')
	if [ -n "$at" ] && [ $(($(date +%s) - at)) -gt "$lock_life" ]; then
		in_namespace delete configmap "$name-lock" --ignore-not-found >/dev/null
	fi
	in_namespace create configmap "$name-lock" --from-literal=at="$(date +%s)" --from-literal=by="$(uname -n)" >/dev/null
	;;
unlock) in_namespace delete configmap "$name-lock" --ignore-not-found >/dev/null ;;
*)
	echo "unknown verb $verb" >&2
	exit 64
	;;
esac

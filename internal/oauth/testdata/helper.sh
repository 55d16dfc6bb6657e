#!/bin/sh
# A token helper for the tests: `helper.sh DIRECTORY MODES VERB [KEY]`. MODES is a comma-separated list of its faults.
set -eu

directory=$1 modes=,$2, verb=$3 key=${4-}

has() { case $modes in *,"$1",*) return 0 ;; *) return 1 ;; esac }

{
	echo "$verb $key"
	env
} >>"$directory/calls"

if has "fail-$verb"; then
	echo "vault is sealed; token was $(cat "$directory/$key" 2>/dev/null || echo none)" >&2
	exit 3
fi

if has "echo-$verb"; then
	if [ "$verb" = get ]; then input=$(cat "$directory/$key"); else input=$(cat); fi
	printf 'the service said %s\n' "$(printf '%s' "$input" | cut -d '"' -f 4 | base64 -d | tr -d '\n ')" >&2
	if [ "$verb" = get ]; then printf '%s' "$input"; fi
	exit 6
fi

if has "hang-$verb"; then
	exec sleep 60
fi

if has "loud-$verb"; then
	yes "noise noise noise" | head -c 100000 >&2
	exit 4
fi

case $verb in
lock | unlock) echo "$verb $(cat)" >>"$directory/owners" ;;
esac

case $verb in
get)
	if has garbage; then
		echo "<html>"
	elif has silent; then
		:
	elif has not-base64; then
		echo '{"token":"%%%"}'
	elif has get-null; then
		echo 'null'
	elif has get-token-null; then
		echo '{"token":null}'
	elif has get-token-empty; then
		echo '{"token":""}'
	elif has get-errors; then
		echo '{"errors":["permission denied"]}'
	elif has get-data; then
		echo '{"data":{"token":"e30="}}'
	elif [ -f "$directory/$key" ]; then
		cat "$directory/$key"
	else
		echo '{}'
	fi
	;;
store)
	if has fail-second-store && [ -f "$directory/$key" ]; then
		cat >&2
		exit 5
	fi
	cat >"$directory/$key.new"
	mv "$directory/$key.new" "$directory/$key"
	;;
forget) rm -f "$directory/$key" ;;
capabilities)
	if has lock; then
		echo '{"lock":true}'
	else
		echo '{}'
	fi
	;;
lock)
	if has held || ! mkdir "$directory/$key.locked" 2>/dev/null; then
		echo "locked by build-9" >&2
		exit 1
	fi
	;;
unlock) rmdir "$directory/$key.locked" ;;
*) exit 64 ;;
esac

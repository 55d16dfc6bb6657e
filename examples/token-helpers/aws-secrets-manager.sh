#!/bin/sh
# Keeps the SePay sign-in in AWS Secrets Manager, one secret for each key.
#
#   token_store  = "helper"
#   token_helper = ["/opt/sepay/aws-secrets-manager.sh", "terraform/sepay"]   # a prefix for the names
#
# The role needs secretsmanager:GetSecretValue, PutSecretValue, CreateSecret and DeleteSecret on <prefix>/*. There is no
# lock among machines here: let only one job at a time use a key, for example with a concurrency group.
set -eu

verb=$2 secret=$1/${3-}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# Only this one error means that nothing is stored.
missing() {
	grep -q ResourceNotFoundException "$errors" && return
	cat "$errors" >&2
	return 1
}

case $verb in
get)
	aws secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text 2>"$errors" || {
		missing || exit 1
		echo '{}'
	}
	;;
store)
	# Standard input is stored unchanged; it passes through a pipe, never through an argument.
	token=$(cat)
	printf '%s' "$token" | aws secretsmanager put-secret-value --secret-id "$secret" \
		--secret-string file:///dev/stdin >/dev/null 2>"$errors" || {
		missing || exit 1
		printf '%s' "$token" | aws secretsmanager create-secret --name "$secret" --secret-string file:///dev/stdin >/dev/null
	}
	;;
forget)
	aws secretsmanager delete-secret --secret-id "$secret" --force-delete-without-recovery >/dev/null 2>"$errors" || missing
	;;
capabilities) echo '{"lock":false}' ;;
*)
	echo "unknown verb $verb" >&2
	exit 64
	;;
esac

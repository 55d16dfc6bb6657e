#!/usr/bin/env bash
# Compares what is declared in this directory with what SePay has, and changes nothing. Run init before it.
#
#   drift-check.sh REPORT     writes the differences to the file REPORT, in Markdown
#
# Exit code 0: nothing differs. 2: something differs. 1: the check failed, and nothing is known.
# TF names the tool: terraform (the default) or tofu.
set -euo pipefail

report=${1:?name a file for the report}
[[ $report == /* ]] || report=$PWD/$report
cd "$(dirname "${BASH_SOURCE[0]}")"

tool=${TF:-terraform}

# In an empty state everything would differ.
if [[ -z $("$tool" state list 2>/dev/null) ]]; then
  echo 'The state is empty: configure the backend that apply uses, and apply first.' >&2
  exit 1
fi

plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

code=0
"$tool" plan -input=false -no-color -lock-timeout=5m -detailed-exitcode -out="$plan" >/dev/null || code=$?

case $code in
  0) echo 'SePay has what is declared.' ;;
  2)
    {
      echo '## SePay differs from what is declared'
      echo
      echo '```diff'
      "$tool" show -no-color "$plan"
      echo '```'
    } >"$report"
    echo "SePay differs from what is declared: see $report"
    ;;
  *) echo 'The plan failed: nothing is known.' >&2 ;;
esac

exit "$code"

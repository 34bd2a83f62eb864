#!/usr/bin/env bash
# What a newcomer's mistakes are told: each NAME.zkasm here is run, with NAME.json as its inputs and NAME.csv as
# its stream `trades` where there are such files; what is printed must be NAME.txt to the letter.
#
#     bash Tests/Diagnostics/run.sh .build/release            # compare
#     bash Tests/Diagnostics/run.sh .build/release --update   # write what is printed now; read the difference
set -u
zkvm=$(cd "$1" && pwd)/zkvm
update=${2:-}
cd "$(dirname "$0")"
passed=0
failed=0
for source in *.zkasm; do
  name=${source%.zkasm}
  options=()
  [ -f "$name.json" ] && options+=(--inputs "$name.json")
  [ -f "$name.csv" ] && options+=(--stream "trades=$name.csv")
  found=$("$zkvm" run "$source" "${options[@]}" 2>&1 >/dev/null)
  status=$?
  found="$found"$'\n'"exit status $status"
  [ "$update" = --update ] && printf '%s\n' "$found" >"$name.txt"
  if [ "$status" -ne 0 ] && [ "$found" = "$(cat "$name.txt" 2>/dev/null)" ]; then
    passed=$((passed + 1))
  else
    printf 'FAILED %s\n%s\n' "$name" "$(diff <(printf '%s\n' "$found") "$name.txt")"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

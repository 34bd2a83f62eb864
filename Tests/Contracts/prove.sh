#!/usr/bin/env bash
# Every contract's example proved and checked by the standalone verifier, and every trap refused with its
# message by `zkvm prove`. (Warnings quote assertions, so only the trap's own line counts.)
#
#     bash Tests/Contracts/prove.sh .build/release
set -u
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
proved=0
refused=0
failed=0

streams() { # the options for a folder's CSV files, one a line
  local file
  for file in "$1"/*.csv; do
    [ -f "$file" ] && printf '%s\n' --stream "$(basename "$file" .csv)=$file"
  done
}

fail() {
  echo "FAILED $1"
  failed=$((failed + 1))
}

for source in "$root"/Programs/*/*.zkasm; do
  folder=$(dirname "$source")
  name=$(basename "$folder")
  [ -f "$folder/outputs.json" ] || continue
  mapfile -t options < <(streams "$folder")
  "$bin/zkvm" assemble "$source" --output "$work/program" >/dev/null 2>&1
  if "$bin/zkvm" prove "$source" --inputs "$folder/inputs.json" "${options[@]}" --profile fast \
    --output "$work/proof" >/dev/null 2>&1 &&
    "$bin/zkvm-verify" "$work/proof" --program "$work/program" | grep -q '^accepted'; then
    proved=$((proved + 1))
  else
    fail "$name"
  fi
  for message in "$folder"/examples/*/trap.txt; do
    [ -f "$message" ] || continue
    example=$(dirname "$message")
    mapfile -t options < <(streams "$example")
    "$bin/zkvm" prove "$source" --inputs "$example/inputs.json" "${options[@]}" \
      --output "$work/none" >"$work/log" 2>&1
    if [ $? -eq 1 ] && [ ! -e "$work/none" ] && grep '^trap: ' "$work/log" | grep -qF "$(cat "$message")"; then
      refused=$((refused + 1))
    else
      fail "$name/$(basename "$example")"
    fi
  done
done
echo "$proved contracts proved and verified, $refused traps refused, $failed failed"
[ "$failed" -eq 0 ]

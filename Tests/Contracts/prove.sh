#!/usr/bin/env bash
# Every example of every contract run, proved once and checked by the standalone verifier, and every trap refused
# with its message by `zkvm prove`. (Warnings quote assertions, so only the trap's own line counts.)
#
#     bash Tests/Contracts/prove.sh .build/release
set -u
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
accepted=0
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

"$bin/zkvm" test "$root/Programs" --prove --profile fast --keep "$work/kept" || fail "zkvm test"
for proof in "$work"/kept/*.zkp; do
  name=$(basename "$proof" .zkp)
  if "$bin/zkvm-verify" "$proof" --program "$work/kept/${name%%.*}.zkb" | grep -q '^accepted'; then
    accepted=$((accepted + 1))
  else
    fail "$name"
  fi
done
examples=$(find "$root/Programs" -name outputs.json | wc -l)
[ "$accepted" -eq "$examples" ] || fail "$accepted proofs accepted of $examples examples"

for source in "$root"/Programs/*/*.zkasm; do
  folder=$(dirname "$source")
  name=$(basename "$folder")
  [ -f "$folder/outputs.json" ] || continue
  # Whoever checks a proof assembles the source for themselves.
  "$bin/zkvm" assemble "$source" --output "$work/program" >/dev/null 2>&1
  cmp -s "$work/program" "$work/kept/$name.zkb" || fail "$name: another program than zkvm test's"
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
echo "$accepted proofs verified, $refused traps refused, $failed failed"
[ "$failed" -eq 0 ]

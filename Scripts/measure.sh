#!/usr/bin/env bash
# Times whole processes: one option and a book of 2,000, in every profile.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release >/dev/null
bin=$(swift build -c release --show-bin-path)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# A book of 2,000 positions, the same every time.
awk 'BEGIN { srand(7); print "quantity,kind,strike,years,vol";
  for (i = 0; i < 2000; i++) printf "%d,%d,%.2f,%.4f,%.4f\n", int(rand() * 1000) - 500, int(rand() * 2),
    40 + 50 * rand(), 0.01 + 3 * rand(), 0.05 + rand() }' >"$out/book.csv"
printf '{"public": {"spot": 60, "rate": 0.03}}' >"$out/book.json"

option=(Programs/black-scholes/black-scholes.zkasm --inputs Programs/black-scholes/inputs.json)
book=(Programs/book/book.zkasm --inputs "$out/book.json" --stream "positions=$out/book.csv")

# measure NAME PROFILE PROGRAM…: seconds of proving and verifying, proof size.
measure() {
  local name=$1 profile=$2 start middle end
  shift 2
  start=$(date +%s.%N)
  "$bin/zkvm" prove "$@" --profile "$profile" --output "$out/proof" 2>/dev/null
  middle=$(date +%s.%N)
  "$bin/zkvm" verify "$out/proof" --program "$1" >/dev/null
  end=$(date +%s.%N)
  printf '%-10s %-9s prove %6.2f s  verify %5.3f s  proof %8d bytes\n' "$name" "$profile" \
    "$(awk "BEGIN { print $middle - $start }")" "$(awk "BEGIN { print $end - $middle }")" "$(stat -c %s "$out/proof")"
}

for profile in fast standard compact; do
  measure option $profile "${option[@]}"
  measure book-2000 $profile "${book[@]}"
done

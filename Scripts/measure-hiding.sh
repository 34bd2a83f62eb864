#!/usr/bin/env bash
# Proving time with hiding over without, side by side on a 2^18-row trace: a book of 13,000 options.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
swift build -c release >/dev/null
bin=$(swift build -c release --show-bin-path)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
awk 'BEGIN { srand(3); print "quantity,kind,strike,years,vol";
  for (i = 0; i < 13000; i++) printf "%d,%d,%.2f,%.4f,%.4f\n", int(rand() * 100) - 50, int(rand() * 2),
    40 + 50 * rand(), 0.01 + 3 * rand(), 0.05 + rand() }' >"$out/book.csv"
printf '{"public": {"spot": 60, "rate": 0.03}}' >"$out/book.json"

# seconds FLAGS…: one proof's time.
seconds() {
  local start end
  start=$(date +%s%N)
  "$bin/zkvm" prove Programs/book/book.zkasm --inputs "$out/book.json" \
    --stream "positions=$out/book.csv" --output "$out/proof" "$@" 2>/dev/null
  end=$(date +%s%N)
  awk "BEGIN { printf \"%.2f\\n\", ($end - $start) / 1e9 }"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for _ in $(seq "$rounds"); do
  seconds >>"$out/on"
  seconds --no-hiding >>"$out/off"
done
on=$(median "$out/on")
off=$(median "$out/off")
echo "hiding $on s, without $off s, ratio $(awk "BEGIN { printf \"%.3f\", $on / $off }") (medians of $rounds)"

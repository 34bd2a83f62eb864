#!/usr/bin/env bash
# Fuzzes everything that reads foreign bytes, from the corpora in Tests/Fuzz/Corpus.
#
#     bash Scripts/fuzz.sh                  # a short run, as in CI
#     bash Scripts/fuzz.sh 10000000         # executions of each target
#     bash Scripts/fuzz.sh 10000000 Inputs  # of one
set -euo pipefail
cd "$(dirname "$0")/../Tests/Fuzz"
runs=${1:-20000}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(Proof Bytecode Assembly Inputs)

# lld: gold does not read the debug information of sanitized Swift.
swift build -c release -Xswiftc -sanitize=fuzzer -Xlinker --strip-debug
bin=$(swift build -c release -Xswiftc -sanitize=fuzzer -Xlinker --strip-debug --show-bin-path)
for target in "${targets[@]}"; do
  work=$(mktemp -d)
  printf '\n==> %s\n' "$target"
  # New inputs go to a scratch folder; findings stay beside the corpus.
  # Proofs: the parser is fuzzed at 4 KiB, and each run also reads the whole honest proof.
  # Swift's own crash reports would keep libFuzzer from writing the finding.
  if ! SWIFT_BACKTRACE=enable=no "$bin/Fuzz$target" -runs="$runs" -max_len=4096 -timeout=20 \
    -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix="Corpus/$target/finding-" \
    "$work" "Corpus/$target" >"$work.log" 2>&1; then
    grep -E "ERROR|SUMMARY|finding" "$work.log" || tail -n 20 "$work.log"
    echo "FOUND: see $(ls Corpus/"$target"/finding-* 2>/dev/null || echo "$work.log")"
    exit 1
  fi
  grep -E "stat::|DONE" "$work.log"
  rm -f "$work.log"
  rm -rf "$work"
done

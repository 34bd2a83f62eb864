#!/usr/bin/env bash
# Sets a bare machine up and runs every test; prints how long each step took.
# What takes longer than its share is in Scripts/long.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Scripts/setup.sh pkg-config libxxhash-dev libgmp-dev python3 python3-mpmath python3-xxhash

start=$SECONDS
step=
finish() { [ -z "$step" ] || printf '    %s: %d s\n' "$step" $((SECONDS - start)); }
say() {
  finish
  step=$*
  start=$SECONDS
  printf '\n==> %s\n' "$*"
}

say "Checking the style"
bash Scripts/style.sh
python3 Scripts/links.py

say "Checking the function tables against mpmath"
python=python3
"$python" -c 'import mpmath, xxhash' 2>/dev/null || python=/usr/bin/python3
"$python" Tests/Reference/check_tables.py
"$python" Tests/Reference/check_bounds.py

say "Applying CONTRIBUTING's walkthroughs to a copy"
"$python" Scripts/walkthrough.py --only-apply --places instruction=5 --places profile=1

say "Building"
swift build -c release --build-tests
bin=$(swift build -c release --show-bin-path)

say "Testing"
swift test -c release --skip-build --disable-xctest --quiet

say "Asking a solver for second solutions"
bash Scripts/solver.sh "$bin/zkvm"

say "Testing the command line, its messages and the guide"
bash Tests/CommandLine/run.sh "$bin"
bash Tests/Diagnostics/run.sh "$bin"
"$python" Tests/CommandLine/guide.py "$bin"

say "Proving the contracts' examples, for the standalone verifier; their traps"
bash Tests/Contracts/prove.sh "$bin"

say "Random inputs against references; attempts to get around contracts"
"$python" Tests/Contracts/compare.py "$bin/zkvm" --cases 100
"$python" Tests/Contracts/abuse/run.py "$bin/zkvm"

say "Trying hostile files"
"$python" Tests/CommandLine/hostile.py "$bin"

say "Comparing with the second verifier on golden and forged proofs"
"$python" Tests/SecondVerifier/run.py "$bin/zkvm-verify"

say "Running the benchmarks, briefly"
"$python" Benchmarks/run.py --quick >/dev/null
"$python" Benchmarks/heights.py "$bin/zkvm" --check >/dev/null

say "Fuzzing, briefly"
bash Scripts/fuzz.sh 20000
finish

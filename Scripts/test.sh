#!/usr/bin/env bash
# Sets a bare machine up and runs every test.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Scripts/setup.sh pkg-config libxxhash-dev libgmp-dev python3 python3-mpmath python3-xxhash

say() { printf '\n==> %s\n' "$*"; }

say "Checking the function tables against mpmath"
python=python3
"$python" -c 'import mpmath, xxhash' 2>/dev/null || python=/usr/bin/python3
"$python" Tests/Reference/check_tables.py

say "Building"
swift build -c release --build-tests

say "Testing"
swift test -c release --skip-build --disable-xctest --quiet

say "Testing the command line"
bash Tests/CommandLine/run.sh "$(swift build -c release --show-bin-path)"

say "Contracts under the standalone verifier, and their traps"
bash Tests/Contracts/prove.sh "$(swift build -c release --show-bin-path)"

say "Proving the contracts' examples; random inputs against references"
"$(swift build -c release --show-bin-path)/zkvm" test Programs --prove --profile fast
"$python" Tests/Contracts/compare.py "$(swift build -c release --show-bin-path)/zkvm" --cases 100

say "Trying hostile files"
"$python" Tests/CommandLine/hostile.py "$(swift build -c release --show-bin-path)"

say "Comparing with the second verifier on golden and forged proofs"
"$python" Tests/SecondVerifier/run.py "$(swift build -c release --show-bin-path)/zkvm-verify"

say "Running the benchmarks, briefly"
"$python" Benchmarks/run.py --quick >/dev/null

say "Fuzzing, briefly"
bash Scripts/fuzz.sh 20000

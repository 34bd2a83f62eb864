#!/usr/bin/env bash
# What takes longer than a run of every test may: every attack in every place at every profile, committed and
# proved; every cell of every instruction; many random programs; every constraint taken from the solver; the
# walkthroughs of CONTRIBUTING.md, built and proved; long fuzzing. Hours on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Scripts/setup.sh pkg-config libxxhash-dev libgmp-dev python3
swift build -c release --build-tests
bin=$(swift build -c release --show-bin-path)
EXHAUSTIVE=1 swift test -c release --skip-build --disable-xctest --quiet --filter "RemovalTests|changedCells"
ZKVM_RANDOM_PROGRAMS=${PROGRAMS:-1000000} ZKVM_RANDOM_SEED=${SEED:-1} \
  swift test -c release --skip-build --disable-xctest --quiet --filter RandomProgramTests
bash Scripts/solver.sh "$bin/zkvm" --mutate
python3 Scripts/walkthrough.py --places instruction=5 --places profile=1
bash Scripts/fuzz.sh "${EXECUTIONS:-10000000}"

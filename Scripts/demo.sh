#!/usr/bin/env bash
# From a bare machine to a verified Black–Scholes proof.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Scripts/setup.sh pkg-config libxxhash-dev libgmp-dev

say() { printf '\n==> %s\n' "$*"; }

say "Building (a minute or two the first time)"
swift build -c release
bin=$(swift build -c release --show-bin-path)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
contract=Programs/black-scholes

say "Proving the price of an option: the inputs in $contract/inputs.json stay private"
"$bin/zkvm" prove $contract/black-scholes.zkasm --inputs $contract/inputs.json --output "$out/option.zkp"
"$bin/zkvm" assemble $contract/black-scholes.zkasm --output "$out/black-scholes.zkb" >/dev/null

say "Verifying it with the standalone verifier, which has never seen the inputs"
"$bin/zkvm-verify" "$out/option.zkp" --program "$out/black-scholes.zkb"

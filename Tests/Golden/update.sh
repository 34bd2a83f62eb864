#!/usr/bin/env bash
# Makes the golden proofs anew, after a change of what is proved (see CONTRIBUTING.md).
set -euo pipefail
cd "$(dirname "$0")/../.."
swift build -c release --product zkvm >/dev/null
zkvm=$(swift build -c release --show-bin-path)/zkvm
golden=Tests/Golden
inputs=$(mktemp)
trap 'rm -f "$inputs"' EXIT
printf '{"public": {"limit": 100}, "secret": {"x": 41}}' >"$inputs"
"$zkvm" prove $golden/tiny.bytecode --inputs "$inputs" --profile compact --output $golden/tiny.proof
"$zkvm" prove $golden/tiny.bytecode --inputs "$inputs" --profile fast --no-hiding --output $golden/tiny-fast-plain.proof
"$zkvm" prove Programs/black-scholes/black-scholes.zkasm --inputs Programs/black-scholes/inputs.json \
  --profile standard --output $golden/black-scholes.proof
"$zkvm" assemble Programs/black-scholes/black-scholes.zkasm --output $golden/black-scholes.bytecode

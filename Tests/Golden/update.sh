#!/usr/bin/env bash
# Makes the golden proofs and the fuzzers' corpora anew, after a change of what is proved (see
# CONTRIBUTING.md).
set -euo pipefail
cd "$(dirname "$0")/../.."
swift build -c release --product zkvm >/dev/null
zkvm=$(swift build -c release --show-bin-path)/zkvm
golden=Tests/Golden
corpus=Tests/Fuzz/Corpus
prove() { # program, name, options
  local program=$1 name=$2
  shift 2
  "$zkvm" prove "$golden/$program.bytecode" --inputs "$golden/$program.json" "$@" \
    --output "$golden/$name.proof"
}
for program in tiny order; do
  "$zkvm" assemble $golden/$program.zkasm --output $golden/$program.bytecode
done
"$zkvm" assemble Programs/black-scholes/black-scholes.zkasm --output $golden/black-scholes.bytecode
prove tiny tiny --profile compact
prove tiny tiny-fast-plain --profile fast --no-hiding
prove order order --profile compact
"$zkvm" prove Programs/black-scholes/black-scholes.zkasm --inputs Programs/black-scholes/inputs.json \
  --profile standard --output $golden/black-scholes.proof

# The fuzzers read files without their checksums.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$zkvm" assemble $golden/fuzz.zkasm --output "$work/fuzz"
printf '{"secret": {"x": 42}}' >"$work/inputs.json"
"$zkvm" prove "$work/fuzz" --inputs "$work/inputs.json" --profile compact --output "$work/proof"
head -c -8 "$work/proof" >$corpus/Proof/whole
head -c 900 "$work/proof" >$corpus/Proof/head
head -c -8 $golden/order.bytecode >$corpus/Bytecode/order
head -c -8 $golden/tiny.bytecode >$corpus/Bytecode/tiny
cp $golden/order.zkasm $corpus/Assembly/order.zkasm
"$zkvm" disassemble $golden/order.bytecode >$corpus/Assembly/listing.zkasm
# The proof fuzzer knows the one honest proof by its checksum, which the proof ends with.
checksum=$(tail -c 8 "$work/proof" | od -An -v -tx8 --endian=little | tr -d ' ')
sed -i "s/^let honest: UInt64 = .*/let honest: UInt64 = 0x$checksum/" \
  Tests/Fuzz/Sources/FuzzProof/Fuzz.swift

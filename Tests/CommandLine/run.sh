#!/usr/bin/env bash
# The commands as a user runs them: exit statuses, standard output, files.
#
#     bash Tests/CommandLine/run.sh .build/release
set -u
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME EXPECTED_STATUS PATTERN COMMAND…: status and a pattern in both outputs together.
check() {
  local name=$1 expected=$2 pattern=$3
  shift 3
  local output status
  output=$("$@" 2>"$work/stderr")
  status=$?
  if [ "$status" -eq "$expected" ] && printf '%s\n' "$output" "$(cat "$work/stderr")" | grep -qE -- "$pattern"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s: status %s, expected %s and /%s/\n%s\n%s\n' \
      "$name" "$status" "$expected" "$pattern" "$output" "$(cat "$work/stderr")"
  fi
}

zkvm=$bin/zkvm
bs=$root/Programs/black-scholes/black-scholes.zkasm
inputs=$root/Programs/black-scholes/inputs.json
book=$root/Programs/book/book.zkasm

check help 0 'USAGE|Usage' "$zkvm" --help
check version 0 '^[0-9]+\.[0-9]+' "$zkvm" --version
check unknown 2 'Unexpected argument' "$zkvm" bogus
check run 0 '^call +2\.13336844' "$zkvm" run "$bs" --inputs "$inputs"
check run-json 0 '"call" : "2\.13336844' "$zkvm" run "$bs" --inputs "$inputs" --json
check missing-file 2 'there is no such file' "$zkvm" run "$work/none.zkasm"
check missing-input 2 'the secret input spot \(q32\) is missing' "$zkvm" run "$bs"
check id 0 '^[0-9a-f]{64}$' "$zkvm" id "$bs"
check assemble 0 "$("$zkvm" id "$bs")" "$zkvm" assemble "$bs" --output "$work/bs.zkb"
check disassemble 0 '^\.machine 2' "$zkvm" disassemble "$work/bs.zkb"
"$zkvm" disassemble "$work/bs.zkb" >"$work/bs.zkasm"
check reassemble 0 "$("$zkvm" id "$bs")" "$zkvm" id "$work/bs.zkasm"
check check 0 'constraints on .* hold' "$zkvm" check "$bs" --inputs "$inputs"
check profile 0 'black-scholes.zkasm:[0-9]+ +cdf' "$zkvm" profile "$bs" --inputs "$inputs"
check profile-json 0 '"lines"' "$zkvm" profile "$bs" --inputs "$inputs" --json
check audit 0 'certified: every function' "$zkvm" audit exp
check audit-unknown 2 'there is no function sin; there are exp' "$zkvm" audit sin
check approximations 0 'ours +[0-9]+ +[0-9.]+e-15' "$zkvm" audit --approximations "$root/Programs/approximations"
check security 0 '^128 bits proven' "$zkvm" security
check prove 0 'wrote .* to' "$zkvm" prove "$bs" --inputs "$inputs" --output "$work/bs.zkp"
for kernels in portable avx2; do
  check "prove-$kernels" 0 'wrote .* to' env ZKVM_KERNELS=$kernels "$zkvm" prove "$bs" --inputs "$inputs" --output "$work/$kernels.zkp" --profile fast
  check "verify-$kernels" 0 '^accepted' env ZKVM_KERNELS=portable "$zkvm" verify "$work/$kernels.zkp" --program "$bs"
done
check prove-too-large 2 'predicted to need [0-9]+ MiB of memory' "$zkvm" prove "$bs" --inputs "$inputs" --max-memory 0.01 --output "$work/none"
check security-of-proof 0 'Johnson' "$zkvm" security "$work/bs.zkp" --program "$bs"
check verify 0 '^accepted' "$zkvm" verify "$work/bs.zkp" --program "$bs"
check verify-json 0 '"verdict" : "accepted"' "$zkvm" verify "$work/bs.zkp" --program "$bs" --json
check verify-alone 0 'zero-knowledge +yes' "$bin/zkvm-verify" "$work/bs.zkp" --program "$work/bs.zkb"
check verify-other 1 '^refused: the proof is for the program' "$zkvm" verify "$work/bs.zkp" --program "$book"
check verify-stricter 1 '129 are required' "$zkvm" verify "$work/bs.zkp" --program "$bs" --min-security 129
check verify-no-public 2 'expected name=value' "$zkvm" verify "$work/bs.zkp" --program "$bs" --public spot=60
printf 'damaged!' | dd of="$work/bs.zkp" bs=1 seek=1000 conv=notrunc status=none
check verify-damaged 1 'the proof is damaged' "$zkvm" verify "$work/bs.zkp" --program "$bs"
check verify-nothing 1 'expected a zkvm proof' "$zkvm" verify "$bs" --program "$bs"
check verify-alone-source 2 'expected an assembled zkvm program' "$bin/zkvm-verify" "$work/bs.zkp" --program "$bs"
check no-hiding 0 'WITHOUT hiding' "$zkvm" prove "$bs" --inputs "$inputs" --output "$work/plain.zkp" --no-hiding
check verify-no-hiding 0 'zero-knowledge +NO' "$zkvm" verify "$work/plain.zkp" --program "$bs"
check bad-profile 2 'expected one of fast, standard, compact' "$zkvm" prove "$bs" --inputs "$inputs" --output "$work/x" --profile tiny

check new 0 'zkvm test ' "$zkvm" new "$work/margin"
check new-again 2 'exists; choose another name' "$zkvm" new "$work/margin"
check new-bad-name 2 'expected a name of letters' "$zkvm" new "$work/1st contract"
check test-new 0 '2 passed, 0 failed' "$zkvm" test "$work/margin" --prove --profile fast
printf '{"covered": 2}' >"$work/margin/outputs.json"
check test-wrong-output 1 'covered: expected 2, found 1' "$zkvm" test "$work/margin"
printf '{"covered": 1, "more": 1}' >"$work/margin/outputs.json"
check test-unknown-output 1 'the program has no output more' "$zkvm" test "$work/margin"
printf '{}' >"$work/margin/outputs.json"
check test-missing-output 1 'the output covered is missing' "$zkvm" test "$work/margin"
printf 'another message' >"$work/margin/examples/too-little/trap.txt"
check test-wrong-trap 1 'expected a trap with "another message", found' "$zkvm" test "$work/margin"
cp "$work/margin/examples/too-little/inputs.json" "$work/margin/inputs.json"
check test-trap 1 'expected outputs, found a trap' "$zkvm" test "$work/margin"
check test-nothing 2 'no examples in' "$zkvm" test "$work/margin/examples"
check test-no-folder 2 'expected a folder' "$zkvm" test "$work/none"

printf 'quantity,kind,strike,years,vol\n-3,1,65,0.25,0.3\n' >"$work/one.csv"
seal() { # the JSON members that commit to positions
  "$zkvm" commit "$1" --fields quantity:int,kind:int,strike:q32,years:q48,vol:q48 --seal "$blind" --json |
    sed -n 's/.*"seal" : \("0x[0-9a-f]*"\).*/"book_seal": \1/p'
}
blind=0x4707021c902fc8102bfabfe1d64e834b5a9105da19d64403bfda0a523e463a59
check commit-seal 0 '^seal   0x[0-9a-f]{64}$' "$zkvm" commit "$work/one.csv" --fields quantity:int --seal random
check commit-bad-seal 2 'expected a digest' "$zkvm" commit "$work/one.csv" --fields quantity:int --seal 0x12
printf 'quantity,kind,strike,years,vol\n' >"$work/nothing.csv"
one=$(seal "$work/one.csv")
none=$(seal "$work/nothing.csv")
bands='"delta_low": -9, "delta_high": 9, "gamma_low": -9, "gamma_high": 9, "vega_low": -99, "vega_high": 99'
printf 'id,balance\n1,2.5\n2,7\n3,1\n' >"$work/records.csv"
check commit 0 '^root   0x[0-9a-f]{64}$' "$zkvm" commit "$work/records.csv" --fields id:int,balance:q32 --blind b --draw-blinds "$work/blinded.csv" --path 2
check commit-again 2 'there is a column b already' "$zkvm" commit "$work/blinded.csv" --fields id:int,balance:q32 --blind b --draw-blinds "$work/x.csv"
check commit-blinded 0 '^3 records, depth 2$' "$zkvm" commit "$work/blinded.csv" --fields id:int,balance:q32 --blind b
# The Python reference of Tests/Contracts gives this digest.
check commit-record 0 '^commitment  0x51ca4cbd17eca91722cd1d7654e23cb16be184eb948bb650e364dd4e95584462$' "$zkvm" commit --record 1,2.5 --fields a:int,b:q32
check commit-json 0 '"commitments"' "$zkvm" commit "$work/records.csv" --fields id:int --json --path 0
check commit-depth 2 'expected 2 to 48 for 3 records' "$zkvm" commit "$work/records.csv" --fields id:int --depth 1
check commit-path 2 'there are the records 0 … 2' "$zkvm" commit "$work/records.csv" --fields id:int --path 3
check commit-column 2 'the column size is missing' "$zkvm" commit "$work/records.csv" --fields size:int
check commit-format 2 'expected name:format' "$zkvm" commit "$work/records.csv" --fields id:digest
check commit-none 2 'either a file of records or --record' "$zkvm" commit --fields id:int

printf '{"public": {"spot": 60, "rate": 0.08, "value_low": -1, "value_high": 1, %s, %s}, "secret": {"book_blind": "%s", "positions": []}}' "$bands" "$none" "$blind" >"$work/none.json"
printf '{"public": {"spot": 60, "rate": 0.08, "value_low": -17.53885, "value_high": -17.53884, %s, %s}, "secret": {"book_blind": "%s"}}' "$bands" "$one" "$blind" >"$work/book.json"
printf '{"public": {"spot": 60, "rate": 0.08, "value_low": -17.53884, "value_high": -17.53883, %s, %s}, "secret": {"book_blind": "%s"}}' "$bands" "$one" "$blind" >"$work/off.json"
check book-none 0 '^inside +1$' "$zkvm" run "$book" --inputs "$work/none.json"
check book-one 0 '^inside +1$' "$zkvm" run "$book" --inputs "$work/book.json" --stream "positions=$work/one.csv"
check book-off 1 'a net number is outside its band' "$zkvm" run "$book" --inputs "$work/off.json" --stream "positions=$work/one.csv"
check book-prove 0 'wrote' "$zkvm" prove "$book" --inputs "$work/book.json" --stream "positions=$work/one.csv" --output "$work/book.zkp" --profile fast
check book-verify 0 'public input +spot = 60' "$zkvm" verify "$work/book.zkp" --program "$book" --public spot=60
check book-public 1 'the public input spot is 60 in the proof, expected 61' "$zkvm" verify "$work/book.zkp" --program "$book" --public spot=61
printf 'quantity,kind,strike,years,vol\n-3,7,65,0.25,0.3\n' >"$work/bad.csv"
check book-trap 1 'assertion failed: kind is 0 \(call\) or 1 \(put\) \(1 = 1, positions.kind = 7\)' "$zkvm" prove "$book" --inputs "$work/book.json" --stream "positions=$work/bad.csv" --output "$work/x"
check double-slashes 0 '^call ' "$zkvm" run "$root//Programs//black-scholes//black-scholes.zkasm" --inputs "$inputs"
check step-limit 1 'the step limit of 10 instructions' "$zkvm" run "$bs" --inputs "$inputs" --max-steps 10

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

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
audit=$bin/zkvm-audit
bs=$root/Programs/black-scholes/black-scholes.zkasm
inputs=$root/Programs/black-scholes/inputs.json
book=$root/Programs/book/book.zkasm

check help 0 'USAGE|Usage' "$zkvm" --help
check help-audit 0 'write-tables' "$audit" --help
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
check audit-elsewhere 2 'unexpected arguments' "$zkvm" audit exp
# The audit's reference is the only one to need GMP.
libraries() { ldd "$1" | grep -o 'libgmp\.so' || echo 'no GMP'; }
check links-prover 0 '^no GMP$' libraries "$zkvm"
check links-verifier 0 '^no GMP$' libraries "$bin/zkvm-verify"
check links-audit 0 '^libgmp\.so$' libraries "$audit"
check audit 0 'certified: every function' "$audit" exp
check audit-unknown 2 'there is no function sin; there are exp' "$audit" sin
check approximations 0 'ours +[0-9]+ +[0-9.]+e-15' "$audit" --approximations "$root/Programs/approximations"
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
check test-new 0 '3 passed, 0 failed' "$zkvm" test "$work/margin" --prove --profile fast --keep "$work/kept"
check test-kept 0 '^accepted' "$bin/zkvm-verify" "$work/kept/margin.zkp" --program "$work/kept/margin.zkb"
check test-kept-again 2 'margin.zkb exists; name a new folder' "$zkvm" test "$work/margin" --prove --keep "$work/kept"
check test-keep-what 2 'needs --prove' "$zkvm" test "$work/margin" --keep "$work/kept"
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

printf 'quantity,kind,strike,expiry,mark\n-3,1,65,20091,0\n' >"$work/one.csv"
seal() { # the JSON members that commit to positions
  "$zkvm" commit "$1" --fields quantity:int,kind:int,strike:q32,expiry:int --seal "$blind" --json |
    sed -n 's/.*"seal" : \("0x[0-9a-f]*"\).*/"book_seal": \1/p'
}
blind=0x4707021c902fc8102bfabfe1d64e834b5a9105da19d64403bfda0a523e463a59
check commit-seal 0 '^seal   0x[0-9a-f]{64}$' "$zkvm" commit "$work/one.csv" --fields quantity:int --seal random
check commit-bad-seal 2 'expected a digest' "$zkvm" commit "$work/one.csv" --fields quantity:int --seal 0x12
printf 'quantity,kind,strike,expiry,mark\n' >"$work/nothing.csv"
printf 'strike,expiry,vol\n65,20091,0.3\n' >"$work/marks.csv"
marks=$("$zkvm" commit "$work/marks.csv" --fields strike:q32,expiry:int,vol:q48 --json | sed -n 's/.*"chain" : \("0x[0-9a-f]*"\).*/\1/p')
one=$(seal "$work/one.csv")
none=$(seal "$work/nothing.csv")
bands='"today": 20000, "marks_chain": '$marks', "delta_low": -9, "delta_high": 9, "gamma_low": -9, "gamma_high": 9, "vega_low": -99, "vega_high": 99'
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
printf '{"public": {"spot": 60, "rate": 0.08, "value_low": -17.5320, "value_high": -17.5319, %s, %s}, "secret": {"book_blind": "%s"}}' "$bands" "$one" "$blind" >"$work/book.json"
printf '{"public": {"spot": 60, "rate": 0.08, "value_low": -17.5319, "value_high": -17.5318, %s, %s}, "secret": {"book_blind": "%s"}}' "$bands" "$one" "$blind" >"$work/off.json"
check book-none 0 '^inside +1$' "$zkvm" run "$book" --inputs "$work/none.json" --stream "marks=$work/marks.csv"
check book-one 0 '^inside +1$' "$zkvm" run "$book" --inputs "$work/book.json" --stream "positions=$work/one.csv" --stream "marks=$work/marks.csv"
check book-off 1 'a net number is outside its band' "$zkvm" run "$book" --inputs "$work/off.json" --stream "positions=$work/one.csv" --stream "marks=$work/marks.csv"
check book-prove 0 'wrote' "$zkvm" prove "$book" --inputs "$work/book.json" --stream "positions=$work/one.csv" --stream "marks=$work/marks.csv" --output "$work/book.zkp" --profile fast
check book-verify 0 'public input +spot = 60' "$zkvm" verify "$work/book.zkp" --program "$book" --public spot=60
check book-public 1 'the public input spot is 60 in the proof, expected 61' "$zkvm" verify "$work/book.zkp" --program "$book" --public spot=61
printf 'quantity,kind,strike,expiry,mark\n-3,7,65,20091,0\n' >"$work/bad.csv"
check book-trap 1 'assertion failed: kind is 0 \(call\) or 1 \(put\) \(1, positions.kind = 7\)' "$zkvm" prove "$book" --inputs "$work/book.json" --stream "positions=$work/bad.csv" --stream "marks=$work/marks.csv" --output "$work/x"
check double-slashes 0 '^call ' "$zkvm" run "$root//Programs//black-scholes//black-scholes.zkasm" --inputs "$inputs"
check step-limit 1 'the step limit of 10 instructions' "$zkvm" run "$bs" --inputs "$inputs" --max-steps 10

# Where results are written. `same NAME A B` holds if two texts are equal.
same() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s: %s, expected %s\n' "$1" "$2" "$3"
  fi
}
out=$work/out
mkdir "$out"
cp "$root/Tests/Golden/tiny.zkasm" "$root/Tests/Golden/tiny.json" "$out"
tiny=$out/tiny.zkasm
"$zkvm" assemble "$tiny" --output "$out/tiny.zkb" >"$work/stdout"
digest=$(cat "$work/stdout")
good=$(sha256sum <"$out/tiny.zkb")
sum() { sha256sum <"$1"; }
tool() { "$zkvm" assemble "$tiny" --output "$@"; }

printf old >"$out/link-target"
ln -s link-target "$out/link"
ln -s link "$out/link-to-link"
check output-link 0 "$digest" tool "$out/link-to-link"
same output-link-kept "$(readlink "$out/link-to-link") $(readlink "$out/link")" "link link-target"
same output-link-written "$(sum "$out/link-target")" "$good"
ln -s made "$out/dangling"
check output-dangling 0 "$digest" tool "$out/dangling"
same output-dangling-made "$(readlink "$out/dangling") $(sum "$out/made")" "made $good"
ln -s loop "$out/loop"
check output-loop 2 'symbolic links' tool "$out/loop"
mkfifo "$out/pipe"
timeout 20 cat "$out/pipe" >"$out/piped" &
check output-pipe 0 "$digest" tool "$out/pipe"
wait $!
same output-pipe-kept "$(stat -c %F "$out/pipe") $(sum "$out/piped")" "fifo $good"
printf before >"$out/stdout"
tool /dev/stdout >>"$out/stdout" 2>"$work/stderr"
same output-stdout "$(head -c 6 "$out/stdout")$(tail -c 65 "$out/stdout")" "before$digest"
check output-descriptor 0 "$digest" tool /dev/fd/7 7>"$out/seven"
same output-descriptor-written "$(sum "$out/seven")" "$good"
check output-closed 2 'not open for writing' tool /dev/fd/8 8</dev/null
if mknod "$out/null" c 1 3 2>/dev/null && [ -w "$out/null" ] && mknod "$out/full" c 1 7; then
  check output-device 0 "$digest" tool "$out/null"
  check output-full 2 'the disk is full' tool "$out/full"
  same output-device-kept "$(stat -c %F "$out/null")" 'character special file'
else
  echo "skipped: device nodes cannot be made here"
fi
check output-folder 2 'it is a folder; name a file in it' tool "$out"
check output-no-folder 2 'there is no folder' tool "$out/none/x"
check output-slash 2 'name a file' tool "$out/none/"
check output-dash 2 'standard output is /dev/stdout' tool -
printf old >"$out/mode"
chmod 640 "$out/mode"
ln "$out/mode" "$out/hard"
check output-mode 0 "$digest" tool "$out/mode"
same output-mode-kept "$(stat -c %a "$out/mode") $(sum "$out/mode")" "640 $good"
same output-hard-link "$(cat "$out/hard")" old
check output-limit 2 'longer than the system allows' bash -c "ulimit -f 0; '$zkvm' assemble '$tiny' --output '$out/hard' 2>&1 | cat; exit \${PIPESTATUS[0]}"
same output-limit-kept "$(cat "$out/hard")" old

# Nothing that is read is written over, nor any source.
before=$(sum "$tiny")
cp "$tiny" "$out/plain"
cp "$root/Tests/Golden/fuzz.zkasm" "$out/other.zkasm"
ln -s other.zkasm "$out/link-to-source.zkp"
ln "$tiny" "$out/second-name"
check output-source 2 'reads that file' tool "$tiny"
check output-hard-source 2 'reads that file' tool "$out/second-name"
check output-other-source 2 'a source is not written over' tool "$out/other.zkasm"
check output-linked-source 2 'a source is not written over' tool "$out/link-to-source.zkp"
check output-plain-source 2 'reads that file' "$zkvm" assemble "$out/plain" --output "$out/plain"
check prove-source 2 'reads that file' "$zkvm" prove "$tiny" --inputs "$out/tiny.json" --output "$tiny"
check prove-inputs 2 'reads that file' "$zkvm" prove "$tiny" --inputs "$out/tiny.json" --output "$out/tiny.json"
check prove-stream 2 'reads that file' "$zkvm" prove "$book" --inputs "$work/book.json" --stream "positions=$work/one.csv" --output "$work/one.csv"
check blinds-over-records 2 'reads that file' "$zkvm" commit "$work/records.csv" --fields id:int --blind b --draw-blinds "$work/records.csv"
mkdir "$out/lib"
printf '.proc f() -> (r: int)\n set r, 1\n.end\n' >"$out/lib/part.zkasm"
printf '.program "p"\n.include "lib/part.zkasm"\n.output q: int\n call f() -> (x)\n reveal q, x\n' >"$out/main.zkasm"
check output-included 2 'reads that file|not written over' "$zkvm" assemble "$out/main.zkasm" --output "$out/lib/part.zkasm"
same sources-kept "$(sum "$tiny")" "$before"

# The place is looked at before the run: these inputs trap.
printf '{"public": {"limit": 1}, "secret": {"x": 41}}' >"$out/trap.json"
check prove-place-first 2 'there is no folder' "$zkvm" prove "$tiny" --inputs "$out/trap.json" --output "$out/none/x"
prove_tiny() { "$zkvm" prove "$tiny" --inputs "$out/tiny.json" --profile fast --output "$@"; }
user() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
if [ "$(id -u)" -eq 0 ] && user "$zkvm" --version >"$work/stdout" 2>&1; then
  chmod 755 "$work" "$out"
  printf old >"$out/protected"
  mkdir -m 1777 "$out/shared"
  printf old >"$out/shared/others"
  chmod 666 "$out/shared/others"
  check output-protected 2 'permission denied' user "$zkvm" assemble "$tiny" --output "$out/protected"
  check output-protected-folder 2 'no file can be made' user "$zkvm" assemble "$tiny" --output "$out/new"
  check output-others 2 'belongs to another user' user "$zkvm" assemble "$tiny" --output "$out/shared/others"
  same output-others-kept "$(cat "$out/protected" "$out/shared/others")" oldold
  chown 65534:65534 "$out/shared/others"
  check output-owner 0 "$digest" tool "$out/shared/others"
  same output-owner-kept "$(stat -c '%u %g %a' "$out/shared/others")" "65534 65534 666"
  install -m 0 /dev/null "$out/unreadable"
  check read-protected 2 'unreadable: permission denied' user "$zkvm" id "$out/unreadable"
else
  echo "skipped: no other user to write as"
fi

# What happens while the bytes wait for their name: a slow disk, by strace.
if strace -o /dev/null -e trace=fsync true 2>/dev/null; then
  # The first fsync is that of the place's check, the second that of the bytes.
  slow() {
    strace -f -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=2000000:when=2 \
      bash -c 'echo $$ >"$1"; exec "$2" assemble "$3" --output "$4"' - "$out/pid" "$zkvm" "$tiny" "$1"
  }
  during() { # COMMAND…, once the bytes are in the temporary file
    for _ in $(seq 100); do
      sleep 0.05
      for file in "$out"/race/zkvm-*.tmp; do [ -s "$file" ] && "$@" && return; done
    done
  }
  mkdir "$out/race"
  printf old >"$out/race/file"
  during bash -c "printf newer >'$out/race/file'" &
  check output-changed 2 'another program changed it meanwhile; the assembled program is in ' slow "$out/race/file"
  wait $!
  same output-changed-kept "$(cat "$out/race/file") $(cat "$out"/race/*.tmp | sha256sum)" "newer $good"
  rm "$out"/race/*
  during bash -c "printf newer >'$out/race/file'" &
  check output-made 2 'another program made it meanwhile' slow "$out/race/file"
  wait $!
  same output-made-kept "$(cat "$out/race/file")" newer
  rm "$out"/race/*
  printf old >"$out/race/file"
  during bash -c "kill \$(cat '$out/pid')" &
  slow "$out/race/file" >"$work/stdout" 2>&1
  wait $!
  same output-interrupted "$(ls "$out/race") $(cat "$out/race/file")" "file old"
else
  echo "skipped: strace cannot trace here"
fi
same no-temporary-files "$(find "$work" -name 'zkvm-*.tmp')" ""

# Standard streams that are closed or full.
check stderr-closed 2 '' bash -c "'$zkvm' id '$work/none' 2>&-"
check stderr-full 2 '' bash -c "'$zkvm' id '$work/none' 2>/dev/full"
check stderr-closed-alone 2 '' bash -c "'$bin/zkvm-verify' '$work/none' --program '$work/none' 2>&-"
check stdout-full 2 'cannot write to standard output: the disk is full' bash -c "'$zkvm' id '$tiny' >/dev/full"
check stdout-full-alone 2 'cannot write to standard output' bash -c "'$bin/zkvm-verify' '$root/Tests/Golden/tiny.proof' --program '$root/Tests/Golden/tiny.bytecode' >/dev/full"
check streams-closed 0 '' bash -c "'$zkvm' prove '$tiny' --inputs '$out/tiny.json' --profile fast --output '$out/closed.zkp' >&- 2>&- <&-"
check streams-closed-proof 0 '^accepted' "$zkvm" verify "$out/closed.zkp" --program "$tiny"

# What is read: kinds and sizes.
folder="cannot read $out: it is a folder, expected"
check folder-program 2 "^$folder a program$" "$zkvm" run "$out"
check folder-inputs 2 "^$folder a file of inputs$" "$zkvm" run "$tiny" --inputs "$out"
check folder-stream 2 "^$folder a file of inputs$" "$zkvm" run "$book" --inputs "$work/book.json" --stream "positions=$out"
check folder-proof 2 "^$folder a proof$" "$zkvm" verify "$out" --program "$tiny"
check folder-alone 2 "$folder a proof$" "$bin/zkvm-verify" "$out" --program "$out/tiny.zkb"
check folder-alone-program 2 "$folder a program$" "$bin/zkvm-verify" "$root/Tests/Golden/tiny.proof" --program "$out"
check missing-alone 2 'cannot read .*/none: there is no such file' "$bin/zkvm-verify" "$work/none" --program "$out/tiny.zkb"
check program-from-pipe 0 "$digest" bash -c "'$zkvm' id <(cat '$tiny')"
truncate -s 67108864 "$out/64-mib"
truncate -s 67108865 "$out/more"
truncate -s 1T "$out/holes"
check proof-at-limit 1 'expected a zkvm proof' "$zkvm" verify "$out/64-mib" --program "$tiny"
check proof-beyond 2 'it has 67108865 bytes, a proof has at most 67108864' "$zkvm" verify "$out/more" --program "$tiny"
check proof-beyond-alone 2 'it has 67108865 bytes, a proof has at most 67108864' "$bin/zkvm-verify" "$out/more" --program "$out/tiny.zkb"
check program-beyond 2 'it has 67108865 bytes, a program has at most 67108864' "$zkvm" id "$out/more"
check program-beyond-alone 2 'it has 67108865 bytes, a program has at most 67108864' "$bin/zkvm-verify" "$root/Tests/Golden/tiny.proof" --program "$out/more"
check source-beyond 2 'it has 67108864 bytes, a source with all that it includes has at most 16777216' "$zkvm" id "$out/64-mib"
check inputs-beyond 2 'it has 1099511627776 bytes, a file of inputs has at most 134217728' "$zkvm" run "$tiny" --inputs "$out/holes"
check stream-beyond 2 'it has 1099511627776 bytes' "$zkvm" run "$book" --inputs "$work/book.json" --stream "positions=$out/holes"
check records-beyond 2 'it has 1099511627776 bytes' "$zkvm" commit "$out/holes" --fields id:int
check endless-program 2 'it has more than 67108864 bytes' "$zkvm" id /dev/zero
check endless-inputs 2 'it has more than 134217728 bytes' "$zkvm" run "$tiny" --inputs /dev/zero
check endless-alone 2 'it has more than 67108864 bytes' "$bin/zkvm-verify" /dev/zero --program "$out/tiny.zkb"
# Sources share their limit: a main source and one that fills it up, by comments, and one byte more.
printf '.program "p"\n.include "large.part.zkasm"\n.output q: int\n set x, 1\n reveal q, x\n;' >"$out/large.zkasm"
left=$((16777216 - $(stat -c %s "$out/large.zkasm")))
{ printf ';'; head -c $((left - 1)) /dev/zero | tr '\0' -; } >"$out/large.part.zkasm"
check sources-at-limit 0 '^[0-9a-f]{64}$' "$zkvm" id "$out/large.zkasm"
printf - >>"$out/large.part.zkasm"
check sources-beyond 2 "it has $((left + 1)) bytes, a source with all that it includes has at most 16777216 and $left are left" "$zkvm" id "$out/large.zkasm"
check expectation-beyond 2 'expectation has at most 1048576' bash -c "mkdir -p '$out/tiny' && cp '$tiny' '$out/tiny.json' '$out/tiny' && mv '$out/tiny/tiny.json' '$out/tiny/inputs.json' && truncate -s 1048577 '$out/tiny/outputs.json' && '$zkvm' test '$out/tiny'"
printf '.program "p"\n.output q: int\n set x, 1\n assert_eq x, 1, "%s"\n reveal q, x\n' "$(head -c 4097 /dev/zero | tr '\0' m)" >"$out/long.zkasm"
check assemble-unreadable 2 "4097 bytes of an operand's name or a message, at most 4096" "$zkvm" assemble "$out/long.zkasm" --output "$out/long.zkb"

# Numbers from options at their ends.
huge=9223372036854775807
check public-exponent 2 'expected a decimal number' "$bin/zkvm-verify" "$root/Tests/Golden/tiny.proof" --program "$root/Tests/Golden/tiny.bytecode" --public limit=1e-9223372036854775808
check security-huge 2 "--messages $huge: expected 1 to 4294967296" "$zkvm" security --messages $huge --width $huge
for option in log-height rate queries grinding batch constraints degree messages width arity; do
  for value in $huge -9223372036854775808 0 -1; do
    [ "$option$value" = grinding0 ] && continue
    check "security-$option-$value" 2 "--$option $value: expected" "$zkvm" security "--$option=$value"
  done
done
for value in nan inf -inf 1e30 -1 1048577 9223372036854775807; do
  check "max-memory-$value" 2 'expected 0 to 1048576 GiB' "$zkvm" prove "$tiny" --inputs "$out/tiny.json" --output "$out/x" "--max-memory=$value"
done
for value in 0 -1 $huge -9223372036854775808; do
  check "max-steps-$value" 2 'expected 1 to 4294967296' "$zkvm" run "$tiny" --inputs "$out/tiny.json" "--max-steps=$value"
  check "depth-$value" 2 'expected 2 to 48' "$zkvm" commit "$work/records.csv" --fields id:int "--depth=$value"
done
for value in -1 $huge -9223372036854775808; do
  check "path-$value" 2 'there are the records' "$zkvm" commit "$work/records.csv" --fields id:int "--path=$value"
done
check path-none 2 'there are no records' "$zkvm" commit "$work/nothing.csv" --fields quantity:int --path 0
for value in $huge 129; do
  check "min-security-$value" 1 'are required' "$zkvm" verify "$root/Tests/Golden/tiny.proof" --program "$root/Tests/Golden/tiny.bytecode" "--min-security=$value"
done
mkdir "$out/approximations"
printf '.program "n"\n.secret x: q48\n.secret w: q48\n.output z: q48\n reveal z, x\n' >"$out/approximations/a.zkasm"
check approximation-shape 2 'expected one secret and one output' "$audit" --approximations "$out/approximations"
printf '.program "n"\n.public x: q48\n.output y: q48\n reveal y, x\n' >"$out/approximations/a.zkasm"
check approximation-public 2 'expected one secret and one output' "$audit" --approximations "$out/approximations"
check plots-place 2 'cannot make the folder' "$audit" exp --plots "$tiny/plots"
check new-place 2 'cannot make the folder' "$zkvm" new "$tiny/contract"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

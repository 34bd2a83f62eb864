#!/usr/bin/env python3
"""Both verifiers on the golden proofs and on forged ones: they must agree.

    python3 Tests/SecondVerifier/run.py .build/release/zkvm-verify
"""

import copy
import pathlib
import random
import subprocess
import sys
import tempfile

import verify

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "Golden"
SWIFT = sys.argv[1]
CASES = [("tiny", "tiny"), ("tiny-fast-plain", "tiny"), ("order", "order"),
         ("black-scholes", "black-scholes")]


def xxh3(data):
    import xxhash

    return xxhash.xxh3_64(data).digest()[::-1]


def python_verdict(proof, program):
    try:
        verify.check(proof, program)
        return True, ""
    except verify.Refused as reason:
        return False, str(reason)


def swift_verdict(proof, program_path):
    with tempfile.NamedTemporaryFile(suffix=".zkp") as file:
        file.write(proof)
        file.flush()
        done = subprocess.run([SWIFT, file.name, "--program", str(program_path)], capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return done.returncode == 0, done.stdout.splitlines()[0]


passed = failed = 0


def compare(name, proof, program_path, expected):
    global passed, failed
    mine, reason = python_verdict(proof, program_path.read_bytes())
    theirs, line = swift_verdict(proof, program_path)
    if mine == theirs == expected:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: Python {mine} {reason}, Swift {theirs} {line}, expected {expected}")


rng = random.Random(1)
for proof_name, program_name in CASES:
    program_path = GOLDEN / f"{program_name}.bytecode"
    honest = (GOLDEN / f"{proof_name}.proof").read_bytes()
    compare(proof_name, honest, program_path, True)
    # One byte changed, the checksum made good: in the header, the openings and the queries.
    body = honest[:-8]
    spots = list(range(8, 160, 19)) + [rng.randrange(160, 20000) for _ in range(8)]
    spots += [rng.randrange(20000, len(body)) for _ in range(8)]
    for spot in spots:
        forged = bytearray(body)
        forged[spot] ^= 1 << (spot % 8)
        compare(f"{proof_name} byte {spot}", bytes(forged) + xxh3(bytes(forged)), program_path, False)
    for name, data in (("truncated", body[:-40]), ("extended", body + b"\0")):
        compare(f"{proof_name} {name}", data + xxh3(data), program_path, False)
# A proof whose units have several instances.
ROOT = GOLDEN.parents[1]
zkvm = pathlib.Path(SWIFT).with_name("zkvm")
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    loop = ROOT / "Benchmarks/Programs/loop.zkasm"
    (folder / "inputs.json").write_text('{"secret": {"rounds": 9500}}')
    subprocess.run([zkvm, "prove", loop, "--inputs", folder / "inputs.json", "--profile", "fast",
                    "--output", folder / "proof"], check=True, capture_output=True)
    (folder / "program").write_bytes(b"")
    subprocess.run([zkvm, "assemble", loop, "--output", folder / "program"], check=True, capture_output=True)
    honest = (folder / "proof").read_bytes()
    kinds = [kind for kind, _ in verify.Proof(honest).tables]
    if len(kinds) == len(set(kinds)):
        failed += 1
        print("FAILED: the loop's units have one instance each")
    compare("instances", honest, folder / "program", True)
    forged = bytearray(honest[:-8])
    forged[len(forged) // 2] ^= 1
    compare("instances, a byte", bytes(forged) + xxh3(bytes(forged)), folder / "program", False)
other = GOLDEN / "black-scholes.bytecode"
compare("another program", (GOLDEN / "tiny.proof").read_bytes(), other, False)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)

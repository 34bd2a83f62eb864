#!/usr/bin/env python3
"""Runs contracts on random inputs and compares them with independent references.

    python3 Tests/Contracts/compare.py .build/release/zkvm [--cases 1000] [NAME …]
    python3 Tests/Contracts/compare.py .build/release/zkvm NAME --sample SIZE >inputs.json

A reference NAME.py beside this file has case(rng): the inputs as zkvm reads them, and either the
outputs as {name: (value, tolerance)}, a digest as (its text, 0), or the text of the trap that the run must end with.
"""
import argparse
import concurrent.futures
import fractions
import importlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "support"))
PROGRAMS = HERE.parents[1] / "Programs"


def judge(zkvm, name, number):
    """What is wrong with a case, or None."""
    reference = importlib.import_module(name)
    inputs, expected = reference.case(random.Random(f"{name} {number}"))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(inputs, file)
        file.flush()
        done = subprocess.run(
            [zkvm, "run", PROGRAMS / name / f"{name}.zkasm", "--inputs", file.name, "--json"],
            capture_output=True, text=True)
    where = f"{name}, case {number}, inputs {json.dumps(inputs)}"
    if isinstance(expected, str):
        # Warnings quote source lines, messages of assertions among them: only the trap's own line counts.
        if done.returncode == 1 and any(line.startswith("trap: ") and expected in line
                                        for line in done.stderr.splitlines()):
            return None
        return f"{where}: expected a trap with {expected!r}, found {done.stderr or done.stdout}"
    if done.returncode != 0:
        return f"{where}: expected outputs, found {done.stderr}"
    found = json.loads(done.stdout)["outputs"]
    for output, (value, tolerance) in expected.items():
        if isinstance(value, str) and value.startswith("0x"):
            if found[output] != value:
                return f"{where}: {output} is {found[output]}, expected {value}"
            continue
        difference = abs(fractions.Fraction(found[output]) - fractions.Fraction(value))
        if difference > fractions.Fraction(tolerance):
            return f"{where}: {output} is {found[output]}, expected {value} within {tolerance}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zkvm")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--sample", type=int, metavar="SIZE", help="print inputs of this size for the one NAME")
    options = parser.parse_args()
    if options.sample is not None:
        reference = importlib.import_module(options.names[0])
        json.dump(reference.sample(random.Random(f"{options.names[0]} sample"), options.sample), sys.stdout, indent=1)
        return
    names = options.names or sorted(p.stem for p in HERE.glob("*.py") if p.stem != "compare")
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for name in names:
            wrong = [x for x in pool.map(judge, [options.zkvm] * options.cases, [name] * options.cases,
                                         range(options.cases), chunksize=25) if x]
            print(f"{name}: {options.cases - len(wrong)} of {options.cases} agree", flush=True)
            for text in wrong[:5]:
                print(f"  {text[:300]} … {text[-300:]}" if len(text) > 640 else f"  {text}")
            failed += len(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Sufficiency: no instruction's constraints have a second solution, at full width, by a solver.

    python3 Tests/Sufficiency/run.py ZKVM [--only WORD] [--blind-rows N] [--mutate [UNIT …]]

The constraints come from `ZKVM tables --json`; what an instruction means stands in specification.py. A line a
query: its outcome, its time, how many cases it took. Tests/Sufficiency/beyond.txt lists what the solver does not
decide, each with its reason; another entry, or one fewer, fails. With --mutate every constraint and every lookup is
taken away in turn, to see what the solver notices.
"""

import argparse
import json
import multiprocessing
import pathlib
import subprocess
import sys
import time

import z3

import beyond
import mutate
import prove
import specification
import witness
from solver import TIMEOUT
from tables import Description

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "beyond.txt"
TOTAL = 180


def by_lemmas():
    out = []
    for name, formulas in specification.lemmas():
        solver = z3.Solver()
        solver.set("timeout", TIMEOUT * 1000)
        solver.add(*formulas)
        started = time.monotonic()
        answer = solver.check()
        status = (prove.PROVED if answer == z3.unsat else prove.REFUTED if answer == z3.sat
                  else prove.UNDECIDED)
        out.append(prove.Result("Lemma", "of products", name, status, time.monotonic() - started))
    return out


def a_row_exists(description, opcode):
    started = time.monotonic()
    row = witness.find(description, opcode, claimed=False, tries=40, allowed=TIMEOUT)
    return prove.Result(
        opcode["unit"], opcode["mnemonic"], "a row exists", prove.PROVED if row else prove.STRUCTURE,
        time.monotonic() - started, "" if row else "none found: do the constraints contradict each other?")


def perform(job):
    """The results of a job; a pool's worker."""
    kind, argument = job
    description = CONTEXT["description"]
    if kind == "opcode":
        out = prove.prove(description, argument)
        if argument["unit"] in ("Product", "Function"):
            out.append(beyond.carry_sums(description, argument))
        return out + [a_row_exists(description, argument)]
    if kind == "unit":
        return [prove.selectors(description, argument), beyond.idle(description, argument)]
    if kind == "function":
        return [beyond.cases_exclude_each_other(description, argument)]
    if kind == "drop":
        return [mutate.noticed(description, *argument)]
    return by_lemmas() + [
        beyond.s_boxes_are_determined(description), beyond.s_boxes_are_poseidons(description),
        beyond.windows(description), beyond.ram(description)]


CONTEXT = {}


def jobs(description, only):
    units = sorted({o["unit"] for o in description.opcodes})
    # The long ones first.
    order = {"Function": 0, "Product": 1}
    out = [("opcode", o) for o in sorted(description.opcodes, key=lambda o: order.get(o["unit"], 2))]
    out += [("unit", u) for u in units] + [("function", f) for f in specification.FUNCTIONS]
    out += [("table", None)] + [("drop", d) for d in mutate.QUICK]
    if only:
        out = [j for j in out if only in json.dumps(j[1]) or only == j[0]]
    return out


def listed():
    out = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, reason = line.partition(" — ")
            out[key] = reason
    return out


def judge(results, wanted, whole):
    """The results that fail, with a reason each."""
    failures = []
    seen = set()
    for r in results:
        seen.add(r.key)
        if r.status in (prove.REFUTED, prove.STRUCTURE):
            failures.append(f"{r.key}: {r.status} {r.detail}")
        elif (r.status == prove.UNDECIDED or not r.by_solver) and r.key not in wanted:
            failures.append(f"{r.key}: not decided by the solver and not in {LIST.name} ({r.detail})")
        elif r.status == prove.PROVED and r.by_solver and r.key in wanted:
            failures.append(f"{r.key}: decided by the solver now; take it out of {LIST.name}")
    if whole:
        failures += [f"{key}: in {LIST.name}, but there is no such check" for key in wanted if key not in seen]
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("zkvm")
    parser.add_argument("--only", help="the checks whose opcode, unit or kind contains the word")
    parser.add_argument("--blind-rows", default="256")
    parser.add_argument("--mutate", nargs="*", metavar="UNIT", help="take every item away in turn")
    options = parser.parse_args()
    text = subprocess.run(
        [options.zkvm, "tables", "--json", "--blind-rows", options.blind_rows], check=True,
        stdout=subprocess.PIPE).stdout
    CONTEXT["description"] = description = Description(json.loads(text))
    started = time.monotonic()
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=8) as pool:
        if options.mutate is not None:
            sys.exit(mutate.report(pool, description, options.mutate))
        results = []
        for batch in pool.imap_unordered(perform, jobs(description, options.only)):
            for r in batch:
                how = "solver" if r.by_solver else "other"
                print(f"{r.status:9} {r.seconds:6.2f} s  {how}  {r.key}"
                      + (f" ({r.cases} cases)" if r.cases > 1 else "") + (f": {r.detail}" if r.detail else ""),
                      flush=True)
            results += batch
    elapsed = time.monotonic() - started
    failures = judge(results, listed(), not options.only)
    if elapsed > TOTAL:
        failures.append(f"it took {elapsed:.0f} s, {TOTAL} s are allowed")
    for failure in failures:
        print(f"FAILED    {failure}")
    solver = [r for r in results if r.by_solver]
    print(f"{len(solver)} by the solver, {len(results) - len(solver)} by other means; the longest took "
          f"{max(r.seconds for r in results):.1f} s, all {elapsed:.0f} s")
    print(f"{len(results) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

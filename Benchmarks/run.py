#!/usr/bin/env python3
"""Measures kernels and whole proofs in one go and prints each figure beside its goal.

    python3 Benchmarks/run.py            everything, about ten minutes
    python3 Benchmarks/run.py --quick    one round, smaller books, no kernels

Whole processes are timed, start and files included. What is compared is run in turns, so that a
busy machine slows all of it; figures are medians over the rounds.
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "Benchmarks/Programs"
LIBRARY = ["--library", ROOT / "Programs/lib"]
PROFILES = ["fast", "standard", "compact"]
TICK = os.sysconf("SC_CLK_TCK")


class Run:
    """One process: seconds, core seconds, peak memory in bytes, phases."""

    def __init__(self, command, cores=None):
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(x) for x in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True,
            preexec_fn=(lambda: os.sched_setaffinity(0, range(cores))) if cores else None)
        marks, lines = [], []
        for line in process.stderr:
            lines.append(line)
            if line.startswith("["):
                marks.append((line.split("] ")[1].strip(), time.perf_counter(), core_seconds(process.pid)))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        end = time.perf_counter()
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}\n{''.join(lines)}")
        self.seconds = end - start
        self.core_seconds = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * 1024
        total = (end, self.core_seconds)
        self.phases = {}
        before = ("Starting, reading, executing", start, 0.0)
        for mark in marks + [(None, *total)]:
            self.phases[before[0]] = (mark[1] - before[1], mark[2] - before[2])
            before = mark


def core_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def in_turns(commands, rounds):
    """Runs named commands in turns; the runs by name."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, cores) in commands.items():
            runs[name].append(Run(command, cores))
    return runs


def median(runs, value=lambda run: run.seconds):
    return statistics.median(map(value, runs))


def table(title, header, rows):
    print(f"\n### {title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def size(count):
    return f"{count / 2**30:.2f} GiB" if count >= 2**29 else (
        f"{count / 2**20:.1f} MiB" if count >= 2**22 else f"{count / 2**10:.0f} KiB")


def milliseconds(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


# Kernels


def kernels():
    """Nanoseconds a unit by (what, kernel), from the Kernels target."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["swift", "package", "--package-path", ROOT / "Benchmarks",
             "--allow-writing-to-package-directory", "--allow-writing-to-directory", folder,
             "benchmark", "--format", "jmh", "--path", folder, "--quiet"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (path,) = pathlib.Path(folder).iterdir()
        results = {}
        for item in json.load(open(path)):
            name = item["benchmark"].split("Kernels.", 1)[1].replace("_", " ")
            what, kernel, units = name.split(", ")
            time_ = item["secondaryMetrics"]["Time (wall clock)"]
            scale = {"ns": 1, "μs": 1e3, "ms": 1e6, "s": 1e9}[time_["scoreUnit"]]
            results[what, kernel] = time_["scorePercentiles"]["50.0"] * scale / int(units)
        return results


def print_kernels(results):
    best = "avx512" if ("multiply", "avx512") in results else (
        "avx2" if ("multiply", "avx2") in results else "portable")
    rows = []
    for what in sorted({what for what, kernel in results if kernel == best and what != "verification"}):
        times = [results.get((what, kernel)) for kernel in ("portable", "avx2", "avx512")]
        cells = ["" if t is None else (f"{1 / t:.2f} GB/s" if "bytes" in what else f"{t:.2f} ns") for t in times]
        ratio = f"{times[0] / results[what, best]:.1f}" if times[0] else ""
        rows.append([what.replace(" bytes", ""), *cells, ratio])
    table("Kernels on one core, an element", ["", "portable", "AVX2", "AVX-512", "portable / best"], rows)
    return best


# Whole proofs


class Books:
    """Seeded inputs and the commands that prove them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.zkvm = pathlib.Path(subprocess.run(
            ["swift", "build", "-c", "release", "--show-bin-path", "--package-path", ROOT],
            check=True, capture_output=True, text=True).stdout.strip()) / "zkvm"
        self.market = self.folder / "market.json"
        self.market.write_text('{"public": {"spot": 60, "rate": 0.03}}')

    def options(self, count):
        path = self.folder / f"options-{count}.csv"
        if not path.exists():
            generator = random.Random(count)
            with open(path, "w") as file:
                file.write("strike,years,vol\n")
                for _ in range(count):
                    file.write("%.2f,%.4f,%.4f\n" % (
                        generator.uniform(30, 90), generator.uniform(0.01, 3), generator.uniform(0.05, 1)))
        return path

    def inputs(self, program, count):
        if program == "loop":
            path = self.folder / f"loop-{count}.json"
            path.write_text(json.dumps({"secret": {"rounds": count}}))
            return [PROGRAMS / "loop.zkasm", "--inputs", path]
        return [PROGRAMS / f"{program}.zkasm", *LIBRARY, "--inputs", self.market,
                "--stream", f"options={self.options(count)}"]

    def proof(self, program, count, profile):
        return self.folder / f"{program}-{count}-{profile}.proof"

    def prove(self, program, count, profile, hiding=True):
        output = self.proof(program, count, profile if hiding else f"{profile}-plain")
        return [self.zkvm, "prove", *self.inputs(program, count), "--profile", profile,
                "--output", output, *([] if hiding else ["--no-hiding"])]

    def verify(self, program, count, profile):
        return [self.zkvm, "verify", self.proof(program, count, profile),
                "--program", PROGRAMS / f"{program}.zkasm", *LIBRARY]

    def cost(self, program, count, profile):
        return json.loads(subprocess.run(
            [str(x) for x in [self.zkvm, "run", *self.inputs(program, count), "--profile", profile, "--json"]],
            check=True, capture_output=True, text=True).stdout)


def one_option(books, rounds):
    program = ROOT / "Programs/black-scholes"
    commands = {
        profile: ([books.zkvm, "prove", program / "black-scholes.zkasm", "--inputs", program / "inputs.json",
                   "--profile", profile, "--output", books.folder / f"option-{profile}.proof"], None)
        for profile in PROFILES}
    checks = {
        profile: ([books.zkvm, "verify", books.folder / f"option-{profile}.proof",
                   "--program", program / "black-scholes.zkasm"], None)
        for profile in PROFILES}
    proofs, verifications = in_turns(commands, rounds), in_turns(checks, rounds)
    sizes = {p: (books.folder / f"option-{p}.proof").stat().st_size for p in PROFILES}
    table("One option, price and five Greeks (Programs/black-scholes)",
          ["", *PROFILES],
          [["source to proof on disk", *(milliseconds(median(proofs[p])) for p in PROFILES)],
           ["verification, the whole process", *(milliseconds(median(verifications[p])) for p in PROFILES)],
           ["proof", *(size(sizes[p]) for p in PROFILES)],
           ["peak memory", *(size(median(proofs[p], lambda r: r.memory)) for p in PROFILES)]])
    return {p: median(proofs[p]) for p in PROFILES}, sizes


def large_book(books, count, rounds):
    commands = {}
    for profile in ("fast", "standard"):
        # Takes the memory that a virtual machine may have to fetch from its host first.
        commands[profile, "warm-up"] = (books.prove("greeks", count, profile), None)
        commands[profile, "hiding"] = (books.prove("greeks", count, profile), None)
        commands[profile, "plain"] = (books.prove("greeks", count, profile, hiding=False), None)
        commands[profile, "one core"] = (books.prove("greeks", count, profile), 1)
    runs = in_turns(commands, rounds)
    rows, figures = [], {}
    for profile in ("fast", "standard"):
        hiding, plain, one = (runs[profile, kind] for kind in ("hiding", "plain", "one core"))
        cells = books.cost("greeks", count, profile)["paddedCells"]
        # Neighbouring runs of a round are compared.
        cost = statistics.median(a.seconds / b.seconds for a, b in zip(hiding, plain))
        speedup = statistics.median(b.seconds / a.seconds for a, b in zip(hiding, one))
        figures[profile] = {
            "rate": count / median(hiding), "hiding": cost, "speedup": speedup,
            "cell": median(hiding, lambda r: r.core_seconds) / cells * 1e9,
            "memory": median(hiding, lambda r: r.memory),
            "size": books.proof("greeks", count, profile).stat().st_size}
        rows.append([profile, milliseconds(median(hiding)), f"{figures[profile]['rate']:,.0f}",
                     f"{figures[profile]['cell']:.0f} ns", f"{cost:.2f}", f"{speedup:.2f}",
                     size(figures[profile]["memory"]), size(figures[profile]["size"])])
    table(f"A book of {count:,} options, price and five Greeks, one proof",
          ["", "time", "options a second", "core time a committed cell", "hiding / without",
           "one core / two", "peak memory", "proof"], rows)
    for profile in ("fast", "standard"):
        sample = sorted(runs[profile, "hiding"], key=lambda r: r.seconds)[rounds // 2]
        figures[profile]["phases"] = sample.phases
        figures[profile]["cells"] = books.cost("greeks", count, profile)["paddedCells"]
        table(f"Its phases, {profile}", ["", "time", "share", "cores busy"],
              [[name, milliseconds(wall), f"{100 * wall / sample.seconds:.0f} %", f"{core / wall:.2f}"]
               for name, (wall, core) in sample.phases.items() if wall > 0])
    return figures


def roofline(figures, results, best):
    """Core seconds that the kernels alone would take for what both commitments must do."""
    rows = []
    for profile, blowup in (("fast", 2), ("standard", 4)):
        figure = figures[profile]
        transforms = figure["cells"] * (1 + blowup) * results["transform of 2^18", best] / 1e9
        hashing = figure["cells"] * 8 * blowup * results["leaf hashing bytes", best] / 1e9
        pages = figure["memory"] * results["fresh memory bytes", "portable"] / 1e9
        bound = transforms + hashing + pages
        found = sum(figure["phases"][f"Committing to the {what}"][1] for what in ("trace", "lookups"))
        whole = sum(core for _, core in figure["phases"].values())
        rows.append([profile, f"{figure['cells']:,}", f"{transforms:.2f} s", f"{hashing:.2f} s", f"{pages:.2f} s",
                     f"{bound:.2f} s", f"{found:.2f} s", f"{bound / found:.2f}", f"{whole:.2f} s"])
    table("Bound of both commitments, in core time",
          ["", "cells", "transforms", "hashing", "fresh memory", "bound", "both phases",
           "bound / measured", "the whole proof"], rows)


def small_books(books, counts, rounds):
    rows = []
    for program, what in (("prices", "price"), ("greeks", "price and Greeks")):
        for count in counts:
            commands = {p: (books.prove(program, count, p), None) for p in PROFILES}
            runs = in_turns(commands, rounds)
            checks = in_turns({p: (books.verify(program, count, p), None) for p in PROFILES}, rounds)
            for p in PROFILES:
                seconds = median(runs[p])
                rows.append([what, f"{count:,}", p, milliseconds(seconds), f"{count / seconds:,.0f}",
                             size(books.proof(program, count, p).stat().st_size),
                             size(median(runs[p], lambda r: r.memory)), milliseconds(median(checks[p]))])
    table("Books", ["", "options", "profile", "time", "options a second", "proof", "peak memory",
                    "verification, whole process"], rows)


def scaling(books, logs, rounds):
    rows = []
    for log in logs:
        count = 2**log // 6
        runs = in_turns({p: (books.prove("loop", count, p), None) for p in ("fast", "standard")}, rounds)
        row = [f"2^{log}"]
        for p in ("fast", "standard"):
            cells = books.cost("loop", count, p)["paddedCells"]
            seconds = median(runs[p])
            row += [milliseconds(seconds), f"{1e9 * median(runs[p], lambda r: r.core_seconds) / cells:.0f} ns"]
        rows.append(row)
    table("Scaling: a loop of additions, products and comparisons",
          ["instructions", "fast", "core time a cell", "standard", "core time a cell"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round, smaller books, no kernels")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the large proofs (default: 5)")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds
    print("Building …", file=sys.stderr)
    subprocess.run(["swift", "build", "-c", "release", "--package-path", str(ROOT)], check=True,
                   stdout=subprocess.DEVNULL)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"## Measured on {os.cpu_count()} cores, {model}; medians of {rounds} rounds")
    results = {} if options.quick else kernels()
    if results:
        best = print_kernels(results)
    with tempfile.TemporaryDirectory() as folder:
        books = Books(folder)
        times, sizes = one_option(books, 3 * rounds)
        count = 1000 if options.quick else 10000
        figures = large_book(books, count, rounds)
        if results:
            roofline(figures, results, best)
        small_books(books, [1, 100] if options.quick else [1, 100, 10000], 1)
        scaling(books, [10, 14] if options.quick else [10, 12, 14, 16, 18, 20], 1)
        compact = books.proof("greeks", count, "compact")
        compact_size = compact.stat().st_size if compact.exists() else None

    goals = []

    def goal(what, found, text, bound, wanted, least=False):
        reached = found >= bound if least else found <= bound
        goals.append([what, wanted, text, "yes" if reached else f"no, {max(found / bound, bound / found):.2f}×"])

    for p, bound in (("standard", 4000), ("fast", 8000)):
        rate = figures[p]["rate"]
        goal(f"options proved a second in a book of {count:,}, {p}", rate, f"{rate:,.0f}", bound, f"{bound:,}", True)
    cell = figures["fast"]["cell"]
    goal("core time a committed cell, fast", cell, f"{cell:.0f} ns", 60, "60 ns")
    for p in ("standard", "fast"):
        ratio = figures[p]["hiding"]
        goal(f"hiding over none, {p}", ratio, f"{ratio:.2f}", 1.10, "1.10")
    if results:
        for blowup in (2, 4):
            ns = results[f"extension of 2^18 by {blowup}", best]
            goal(f"low-degree extension by {blowup}, core time an output element", ns, f"{ns:.1f} ns", 9, "9 ns")
        rate = 1 / results["leaf hashing bytes", best]
        goal("leaf hashing on a core", rate, f"{rate:.1f} GB/s", 1.5, "1.5 GB/s", True)
        for p in PROFILES:
            ns = results["verification", p]
            goal(f"verification of one option, {p}", ns / 1e6, f"{ns / 1e6:.1f} ms", 5, "5 ms")
    for p in ("fast", "standard"):
        goal(f"one option, source to proof on disk, {p}", 1000 * times[p], milliseconds(times[p]), 80, "80 ms")
    goal("proof of one option, compact", sizes["compact"] / 1024, size(sizes["compact"]), 220, "220 KiB")
    if compact_size:
        goal(f"proof of a book of {count:,}, compact", compact_size / 1024, size(compact_size), 360, "360 KiB")
    memory = figures["standard"]["memory"]
    goal(f"peak memory, book of {count:,}, standard", memory / 2**30, size(memory), 4, "4 GB")
    for p in ("fast", "standard"):
        speedup = figures[p]["speedup"]
        goal(f"second core, {p}", speedup, f"{speedup:.2f}×", 1.85, "1.85×", True)
    table("Goals", ["", "goal", "measured", "reached"], goals)


main()

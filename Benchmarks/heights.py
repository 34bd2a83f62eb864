#!/usr/bin/env python3
"""How many positions of Programs/book have a proof of the same heights: what the heights tell of the
number, which is private. The marks are the seven of the example; their number is public.

    python3 Benchmarks/heights.py [--check] [ZKVM]       # ZKVM: .build/release/zkvm

--check: and whether Spec/Security.md says so; exit status 1 if not.
"""

import functools
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PATHS = [argument for argument in sys.argv[1:] if argument != "--check"]
ZKVM = PATHS[0] if PATHS else ROOT / ".build/release/zkvm"
BOOK = ROOT / "Programs/book"
UNITS = ["control", "adder", "product", "function", "port", "hash", "memory"]
# Blind rows and the most instances of a unit, by profile.
PROFILES = {"fast": (512, 3), "standard": (256, 1), "compact": (128, 1)}
LEAST_SAVING = 1 << 14
LARGEST = 20000


def run(inputs, stream, profile):
    arguments = [ZKVM, "run", BOOK / "book.zkasm", "--inputs", inputs, "--profile", profile, "--json",
                 "--stream", f"marks={BOOK / 'marks.csv'}"]
    if stream:
        arguments += ["--stream", f"positions={stream}"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["units"]


def empty_book(profile):
    """The rows of a book without positions, at the marks of the example."""
    inputs = json.loads((BOOK / "examples/empty/inputs.json").read_text())
    example = json.loads((BOOK / "inputs.json").read_text())
    for name in ("marks_chain", "today", "spot", "rate"):
        inputs["public"][name] = example["public"][name]
    del inputs["secret"]["marks"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(inputs, file)
        file.flush()
        return run(file.name, None, profile)


def log_height(rows):
    return (rows - 1).bit_length()


@functools.cache
def heights(rows, blind, most):
    """A unit's heights, as Sources/Machine/Tables/TableSizes.swift chooses them."""
    least = log_height(2 * blind)
    single = max(least, log_height(rows + blind))
    cost = lambda logs: sum(1 << log for log in logs) + len(logs) * LEAST_SAVING
    best, open_ = [single], [[]]
    for _ in range(most - 1):
        open_ = [logs + [log] for logs in open_ for log in reversed(range(least, logs[-1] if logs else single))]
        for logs in open_:
            left = rows - sum((1 << log) - blind for log in logs)
            last = max(least, log_height(max(0, left) + blind))
            if left > 0 and last < logs[-1] and cost(logs + [last]) < cost(best):
                best = logs + [last]
    return tuple(best)


class Book:
    """The heights of a book's proof as a function of its number of positions."""

    def __init__(self, profile):
        self.profile = profile
        self.blind, self.most = PROFILES[profile]
        none = empty_book(profile)
        three = run(BOOK / "inputs.json", BOOK / "positions.csv", profile)
        self.first = {unit: none[unit]["rows"] for unit in UNITS}
        self.each = {unit: (three[unit]["rows"] - self.first[unit]) // 3 for unit in UNITS}
        assert all(self.first[u] + 3 * self.each[u] == three[u]["rows"] for u in UNITS), "rows are not linear"
        for runs, count in ((none, 0), (three, 3)):
            for unit, logs in zip(UNITS, self.shape(count)):
                assert logs == (runs[unit]["paddedHeight"].bit_length() - 1,), (profile, unit, logs)

    def shape(self, count):
        return [heights(self.first[u] + count * self.each[u], self.blind, self.most) for u in UNITS]

    def same(self, count):
        """The least and the greatest number with the heights of `count` positions."""
        low = high = count
        here = self.shape(count)
        while low > 0 and self.shape(low - 1) == here:
            low -= 1
        while self.shape(high + 1) == here:
            high += 1
        return low, high


def row(book):
    """The profile's line of the table in Spec/Security.md."""
    cells = ["{:,} … {:,}".format(*book.same(count)) for count in (10000, 1000, 100)]
    exact, count = [], 1
    while count <= LARGEST:
        low, high = book.same(count)
        exact += [f"{low:,}"] * (low == high)
        count = high + 1
    return "| " + " | ".join([book.profile] + cells + [", ".join(exact)]) + " |"


def main():
    books = [Book(profile) for profile in PROFILES]
    print("rows a position:", ", ".join(f"{unit} {books[0].each[unit]}" for unit in UNITS))
    rows = [row(book) for book in books]
    print("\n".join(rows))
    if "--check" in sys.argv:
        text = (ROOT / "Spec/Security.md").read_text().splitlines()
        stale = [line for line in rows if line not in text]
        for line in stale:
            print(f"Spec/Security.md: expected the line {line}", file=sys.stderr)
        sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()

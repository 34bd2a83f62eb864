#!/usr/bin/env python3
"""Computes the bounds on which the claims in Spec/units rest, and compares them with what the pages say.

    python3 Tests/Reference/check_bounds.py

From the ranges of limbs and the rows of Sources/CTables/tables.c, without the project's code: the sums of the carry
chains (U9), the accumulators of the Function unit (F7), the arguments of its cases (F5), the windows of Limbs (T5).
Exit status 1 if a page says otherwise.
"""

import math
import pathlib
import re
import sys

import check_tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
P = 2**64 - 2**32 + 1
LEAST_WORD, GREATEST_WORD = -16383 << 48, (1 << 62) - 1
CARRY = 2**31
failures = 0


class Range:
    """All integers from a to b."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    @staticmethod
    def of(x):
        return x if isinstance(x, Range) else Range(x, x)

    def __add__(self, other):
        other = Range.of(other)
        return Range(self.a + other.a, self.b + other.b)

    def __sub__(self, other):
        other = Range.of(other)
        return Range(self.a - other.b, self.b - other.a)

    def __mul__(self, other):
        other = Range.of(other)
        ends = [x * y for x in (self.a, self.b) for y in (other.a, other.b)]
        return Range(min(ends), max(ends))

    @property
    def magnitude(self):
        return max(-self.a, self.b)


LIMB, TOP, BIT, SIGN = Range(0, 65535), Range(-16383, 16383), Range(0, 1), Range(-1, 1)
WORD = [LIMB, LIMB, LIMB, TOP]


def number(limbs):
    """The limbs of a number with a signed top limb."""
    return [LIMB] * (limbs - 1) + [TOP]


def convolution(x, y, count):
    out = []
    for position in range(count):
        total = Range(0, 0)
        for i in range(position + 1):
            if i < len(x) and position - i < len(y):
                total = total + x[i] * y[position - i]
        out.append(total)
    return out


def steps(positions):
    """The largest sum and the allowed one of each step of a carry chain."""
    out = []
    for start in range(0, len(positions), 2):
        total = positions[start].magnitude + (CARRY if start else 0)
        pair = start + 1 < len(positions)
        if pair:
            total += positions[start + 1].magnitude << 16
        out.append((total, (CARRY - 1) << (32 if pair else 16)))
    return out


def check(what, condition):
    global failures
    print(("ok      " if condition else "FAILED  ") + what)
    failures += not condition


def chains(coefficients, scales):
    """The positions of every chain of the units, by the name that Spec/units/README.md gives it."""
    shifted = convolution([z - w for z, w in zip(WORD, WORD)], [BIT] * 4, 4)
    product = convolution(WORD, WORD, 4)
    identity = []
    for j in range(4):
        error = SIGN * LIMB + BIT * 2**15 - BIT * WORD[j] + BIT * ((Range(1, 1) - BIT if j == 0 else Range(0, 0)) - WORD[j])
        identity.append(Range(1, 2) * (shifted[j] - product[j]) - error)
    yield "Product, identity", identity

    a = Range(min(s["a"] for s in scales), max(s["a"] for s in scales))
    segment = Range(min(c["segment"] for c in coefficients), max(c["segment"] for c in coefficients))
    t = [LIMB, LIMB, LIMB, Range(0, 15)]
    u = [SIGN * WORD[j] - (a if j == 3 else 0) for j in range(4)]
    reduced = convolution(u, [LIMB] * 4, 4)
    yield "Function, reduction", [reduced[j] - t[j] - (segment * 16 if j == 3 else 0) for j in range(4)]

    high = [c["c"][4] >> 16 for c in coefficients]
    offset = [*t[:3], t[3] - BIT * 16]
    # Six selectors add up to `active`: as ranges, to six.
    half = Range(0, 6) * 32768
    factor = [LIMB, Range(min(high), max(high))]
    for name, limbs, place in (("acc3", 3, offset[1:]), ("acc2", 3, offset[1:]), ("acc1", 4, offset), ("acc0", 4, offset)):
        count = len(place)
        terms = convolution(factor, place, count)
        yield f"Function, {name}", [terms[j] * 4096 - LIMB + (half if j == count - 1 else 0) for j in range(count)]
        factor = number(limbs)
    terms = convolution(factor, [LIMB] * 6, 5)
    yield "Function, result", [terms[j] - LIMB + (half if j == 4 else 0) for j in range(5)]


def stated():
    """The table of sums in Spec/units/README.md: (chain, exponents, whether the step stands alone)."""
    chain = None
    for line in (ROOT / "Spec/units/README.md").read_text().splitlines():
        cells = [c.strip() for c in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[2].startswith("2^"):
            chain = cells[0] or chain
            alone = cells[1].endswith("alone")
            for exponent in re.findall(r"2\^([\d.]+)", cells[1]):
                yield chain, float(exponent), alone


def carries(coefficients, scales):
    found = []
    for name, positions in chains(coefficients, scales):
        for total, allowed in steps(positions):
            check(f"{name}: a sum of at most 2^{math.log2(total):.3f}, allowed 2^{math.log2(allowed):.3f}", total <= allowed)
            check("    and an equation of integers", total + CARRY * (allowed // (CARRY - 1)) < P)
            found.append((name, total, allowed < 2**62))
    said = list(stated())
    check("Spec/units/README.md has a line for each", [(n, alone) for n, _, alone in said] == [(n, alone) for n, _, alone in found])
    for (name, exponent, _), (_, total, _) in zip(said, found):
        check(f"    {name}: it says 2^{exponent}", math.log2(total) <= exponent <= math.log2(total) + 0.011)


def accumulators(coefficients, scales):
    largest = [0] * 4
    rows = {}
    for c in coefficients:
        rows.setdefault(c["table"], []).append(c)
    for scale in scales:
        table = rows[scale["table"]]
        most = [max(abs(c["c"][i]) for c in table) for i in range(5)]
        value = most[4]
        for i in (3, 2, 1, 0):
            constant = max(abs(c["c"][0] + scale["h"]) for c in table) if i == 0 else most[i]
            value += constant + 1
            largest[i] = max(largest[i], value)
    for i, bound in ((3, 30.59), (2, 40.45), (1, 51.45), (0, 62)):
        check(f"acc{i} is at most 2^{math.log2(largest[i]):.3f}, said 2^{bound}", math.log2(largest[i]) <= bound)
    check("G is below 2^81", all(s["g"] < 2**81 for s in scales))
    kappas, segments = [s["kappa"] for s in scales], [c["segment"] for c in coefficients]
    check("0 ≤ κ ≤ 61, |a| ≤ 35, 0 ≤ segment ≤ 2^41",
          min(kappas) == 0 and max(kappas) == 61 and max(abs(s["a"]) for s in scales) == 35
          and min(segments) == 0 and max(segments) == 2**41)


def cases(coefficients, scales):
    segments = {}
    for c in coefficients:
        segments.setdefault(c["table"], []).append(c["segment"])
    check("a table's segments follow each other", all(s == list(range(s[0], s[-1] + 1)) for s in segments.values()))
    domain = {"exp": (LEAST_WORD, None), "ln": (1, GREATEST_WORD), "cdf": (LEAST_WORD, GREATEST_WORD),
              "pdf": (LEAST_WORD, GREATEST_WORD), "icdf": (1, 2**48 - 1), "erfcx": (0, GREATEST_WORD)}
    meeting = {"exp": [(-35 << 48, -35 << 48)], "cdf": [(0, 0)], "pdf": [(0, 0)], "icdf": [(2**47 + 1, 2**47 + 63)]}
    for number_of, function in enumerate(domain, 1):
        intervals = []
        for scale in (s for s in scales if s["function"] == number_of):
            low, high = segments[scale["table"]][0] << 52, ((segments[scale["table"]][-1] + 1) << 52) - 1
            least, greatest = -(-low >> scale["kappa"]), high >> scale["kappa"]
            least, greatest = least + (scale["a"] << 48), greatest + (scale["a"] << 48)
            if scale["negated"]:
                least, greatest = -greatest, -least
            intervals.append((max(least, LEAST_WORD), min(greatest, GREATEST_WORD)))
        intervals.sort()
        overlaps = [(b[0], min(a[1], b[1])) for i, a in enumerate(intervals) for b in intervals[i + 1:] if b[0] <= a[1]]
        check(f"{function}: its cases meet as F5 says: {overlaps}", overlaps == meeting.get(function, []))
        reached, gaps = intervals[0][1], 0
        for least, greatest in intervals[1:]:
            gaps += least > reached + 1
            reached = max(reached, greatest)
        first, last = domain[function]
        check(f"{function}: its cases cover its domain", gaps == 0 and intervals[0][0] == first and last in (None, reached))


def windows():
    for blind in (1, 128, 256, 512):
        width = 2**13 - blind
        for first, count, number_of in ((0, 65536, 9), (-16383, 32767, 5)):
            starts = [first + (count - width) * j // (number_of - 1) for j in range(number_of)]
            steps_between = max(b - a for a, b in zip(starts, starts[1:]))
            check(f"Limbs, h = {blind}: {number_of} windows from {first} in steps of at most {steps_between}",
                  starts[0] == first and starts[-1] + width == first + count
                  and steps_between <= min(width, 7232 if number_of == 9 else 6272))


def main():
    coefficients, scales = check_tables.rows()
    coefficients = [dict(table=table, segment=segment, c=c) for table, segment, c in coefficients]
    scales = [dict(zip(("function", "table", "negated", "end", "a", "kappa", "h", "g"), row)) for row in scales]
    carries(coefficients, scales)
    accumulators(coefficients, scales)
    cases(coefficients, scales)
    windows()
    print(f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

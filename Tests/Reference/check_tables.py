#!/usr/bin/env python3
"""Compares the Function unit's tables with mpmath, which had no part in making them.

    python3 Tests/Reference/check_tables.py            # three points of every 16th segment
    python3 Tests/Reference/check_tables.py --all      # of every segment, some minutes

Every polynomial, evaluated exactly, is within 0.0085 ulp of q48 of its function; every h and G is
the nearest number of its kind. Layout and meaning: Spec/Functions.md.
"""

import pathlib
import re
import sys

import mpmath as mp

mp.mp.dps = 50
SOURCE = pathlib.Path(__file__).resolve().parents[2] / "Sources/CTables/tables.c"
NAMES = {1: "exp", 2: "ln", 3: "cdf", 4: "pdf", 5: "icdf", 6: "erfcx"}


def rows():
    """(coefficient rows, scale rows) of the C source."""
    coefficients, scales = [], []
    for line in SOURCE.read_text().splitlines():
        if line.startswith("  {"):
            numbers = [int(n) for n in re.findall(r"-?\d+", line)]
            if len(numbers) == 7:
                coefficients.append((numbers[0], numbers[1], numbers[2:]))
            else:
                f, table, negated, end, a, kappa, h = numbers[:7]
                g = sum(limb << (16 * i) for i, limb in enumerate(numbers[7:]))
                scales.append((f, table, negated, end, a, kappa, h, g))
    return coefficients, scales


def icdf(p):
    if p == mp.mpf(1) / 2:
        return mp.mpf(0)
    start = -mp.sqrt(-2 * mp.log(p)) if p < mp.mpf("0.1") else -mp.sqrt(2) * mp.erfinv(1 - 2 * p)
    return mp.findroot(lambda x: mp.log(mp.ncdf(x)) - mp.log(p), start)


def erfcx(x):
    if x < 100:
        return mp.exp(x * x) * mp.erfc(x)
    # The asymptotic series (DLMF 7.12.1): terms fall below 1e-50 long before they grow.
    term, total, k = mp.mpf(1), mp.mpf(0), 0
    while abs(term) > mp.mpf(10) ** -55:
        total += term
        k += 1
        term *= -(2 * k - 1) / (2 * x * x)
    return total / (x * mp.sqrt(mp.pi))


FUNCTIONS = {"exp": mp.exp, "ln": mp.log, "cdf": mp.ncdf, "pdf": mp.npdf, "icdf": icdf, "erfcx": erfcx}


def main():
    coefficients, scales = rows()
    step = 1 if "--all" in sys.argv else 16
    ulp = mp.mpf(2) ** -48
    worst = {}
    bad = 0
    # What a table's argument means, from any of its cases.
    meaning = {}
    for f, table, negated, end, a, kappa, h, g in scales:
        name = NAMES[f]
        if name == "exp" and table > 2:
            bad += g != int(mp.nint(mp.exp(a) * mp.mpf(2) ** 68))
            meaning[table] = (name, end, mp.mpf(2) ** -10, 60)
        elif name == "ln":
            bits = 56 if kappa >= 60 else 57
            bad += h != int(mp.nint((13 - kappa) * mp.log(2) * mp.mpf(2) ** bits)) or g != 1 << (128 - bits)
            meaning[table] = (name, end, mp.mpf(2) ** -9, bits)
        elif table > 1:
            bad += g != 1 << 70 or h != 0
            meaning[table] = (name, end, mp.mpf(2) ** (4 - kappa), 58)
    count = 0
    for index, (table, segment, c) in enumerate(coefficients):
        if table <= 1:
            bad += c != [(0, 1 << 58)[table], 0, 0, 0, 0]
            continue
        if index % step:
            continue
        name, end, width, bits = meaning[table]
        for theta in (mp.mpf(1) / 64, mp.mpf(9) / 20, mp.mpf(63) / 64):
            value = sum(ck * (theta - end) ** k for k, ck in enumerate(c)) / mp.mpf(2) ** bits
            error = float(abs(value - FUNCTIONS[name]((segment + theta) * width)) / ulp)
            count += 1
            worst[name] = max(worst.get(name, 0), error)
            if error > 0.0085:
                bad += 1
                print(f"{name}, table {table}, segment {segment}: off by {error} ulp")
    print(f"{count} values of {len(coefficients)} polynomials and {len(scales)} cases; largest errors in ulp: "
          + ", ".join(f"{k} {v:.4f}" for k, v in sorted(worst.items())))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()

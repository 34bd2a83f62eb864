#!/usr/bin/env python3
"""Writes Tests/Vectors/quantlib-*: option prices by QuantLib's BlackCalculator.

    pip install QuantLib
    python3 Tests/Reference/make_quantlib.py

A grid of 110,000 options, its axes as words in quantlib-axes.csv and the calls as little-endian
doubles in quantlib-calls.bin (spots, ratios, years, vols, rates; the last one fastest); and 10,000
adversarial options with calls and puts in quantlib-adversarial.csv.
"""

import math
import pathlib
import random
import struct

import QuantLib as ql

OUT = pathlib.Path(__file__).resolve().parents[1] / "Vectors"
SPOTS = [1, 7.35, 60, 100, 2450, 64000, 250000, 1000000]
RATIOS = [0.25 * 4 ** (i / 12) for i in range(25)]  # 1/4 … 4
YEARS = [1 / 365, 3 / 365, 7 / 365, 30 / 365, 0.25, 0.5, 1, 2, 3, 5, 10]
VOLS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8, 1.2, 2.0]
RATES = [-0.01, 0.0, 0.02, 0.05, 0.08]


def word(x, bits):
    return round(x * 2.0**bits)


def prices(s, k, t, r, v):
    """Call and put on the words that the machine gets."""
    spot, strike = s / 2.0**32, k / 2.0**32
    years, rate, vol = t / 2.0**48, r / 2.0**48, v / 2.0**48
    discount = math.exp(-rate * years)
    result = []
    for kind in (ql.Option.Call, ql.Option.Put):
        payoff = ql.PlainVanillaPayoff(kind, strike)
        result.append(ql.BlackCalculator(payoff, spot / discount, vol * math.sqrt(years), discount).value())
    return result


def main():
    axes = dict(
        spot=[word(x, 32) for x in SPOTS], ratio=[word(x, 48) for x in RATIOS],
        years=[word(x, 48) for x in YEARS], vol=[word(x, 48) for x in VOLS], rate=[word(x, 48) for x in RATES])
    with open(OUT / "quantlib-axes.csv", "w") as file:
        file.write("axis,words\n")
        for name, words in axes.items():
            file.write(name + "," + ",".join(map(str, words)) + "\n")
    with open(OUT / "quantlib-calls.bin", "wb") as file:
        for s in axes["spot"]:
            for ratio in axes["ratio"]:
                k = s * ratio >> 48
                for t in axes["years"]:
                    for v in axes["vol"]:
                        for r in axes["rate"]:
                            file.write(struct.pack("<d", prices(s, k, t, r, v)[0]))
    rng = random.Random(3)
    with open(OUT / "quantlib-adversarial.csv", "w") as file:
        file.write("spot,strike,years,rate,vol,call,put\n")
        for index in range(10000):
            kind = index % 5
            spot = 10 ** rng.uniform(-1, 6)
            ratio = 10 ** rng.uniform(-2, 2) if kind == 0 else 1 + rng.uniform(-1, 1) * 10 ** rng.uniform(-9, -1)
            years = 10 ** rng.uniform(-9, 0) if kind == 1 else rng.uniform(20, 100) if kind == 2 else rng.uniform(0, 5)
            vol = rng.choice([0, 0, 1e-12, 1e-9, 1e-6, 1e-4]) if kind == 3 else rng.uniform(0.01, 4)
            if kind == 4:
                years = rng.choice([0, 1e-14, 1e-12, 1 / 365])
                vol = rng.choice([0, 0.001, 0.3, 5])
            rate = rng.choice([0, 0, rng.uniform(-0.02, 0.1)])
            s, k = max(1, word(spot, 32)), max(1, word(spot * ratio, 32))
            t, r, v = word(years, 48), word(rate, 48), word(vol, 48)
            call, put = prices(s, k, t, r, v)
            file.write(f"{s},{k},{t},{r},{v},{call!r},{put!r}\n")


main()

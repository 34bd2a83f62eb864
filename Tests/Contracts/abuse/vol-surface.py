"""Attempts to price with another surface than the committed one, or with one that has arbitrage."""
import copy
import math

OTHER = "the surface is not the one that was committed to"
# A slice that passes at all points of the grid and whose density is below zero around k = 0.057.
KINK = (0.5, 0.00041656424093272984, 0.027018305789230132, 0.42987148273604003, 0.03284857148475702, 0.008177473907715485)


def priced(bench, tenors, strike=110, years=0.4, spot=100, rate=0.03):
    return bench.reference.build(bench.rng, tenors, spot, rate, strike, years)


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def between_points(bench):
    for name, k in (("in the kink", 0.05684857), ("a little below", 0.055), ("a little above", 0.058)):
        inputs = priced(bench, [KINK], round(100 * math.exp(k + 0.015), 4), 0.5)
        bench.refuse(f"a density below zero between the points, {name}", inputs, "a butterfly at the option's strike")
    bench.accept("the same surface where its density is positive", priced(bench, [KINK], 100, 0.5))
    # The later slice is the sharper one: above the other at the points and below it in the middle.
    lower, falls = (0.3, 0.02, 0.1, 0.0, 0.05, 0.03), (0.6, 0.0212, 0.1, 0.0, 0.05, 0.006)
    bench.accept("two slices that cross, at a strike where they do not", priced(bench, [lower, falls], 120))
    bench.refuse("total variance that falls between the points", priced(
        bench, [lower, falls], round(100 * math.exp(0.05 + 0.012), 4)), "total variance falls")


def attempt(bench):
    reference = bench.reference
    tenors = [(0.25, 0.02, 0.05, -0.3, 0.0, 0.2), (0.75, 0.06, 0.08, -0.3, 0.0, 0.25)]
    honest = priced(bench, tenors)
    bench.accept("an honest surface", honest)
    listed = honest["secret"]["tenors"]
    for what, rows in (("a tenor left out", listed[1:]), ("a tenor's level lowered", [listed[0], {**listed[1], "a": "0.05"}]),
                       ("a tenor added", [*listed, {**listed[1], "years": "2", "a": "0.2"}])):
        bench.refuse(what, changed(honest, tenors=rows), OTHER)
    bench.refuse("another blind", changed(honest, blind="0x" + "0" * 64), OTHER)
    bench.refuse("a tenor twice", priced(bench, [tenors[0], *tenors]), "the tenors do not grow")
    bench.refuse("tenors exchanged", priced(bench, tenors[::-1]), "the tenors do not grow")
    bench.refuse("no surface", priced(bench, []), "the option expires after the last tenor")
    bench.refuse("an option after the last tenor", priced(bench, tenors, years=0.76), "after the last tenor")
    bench.refuse("an option that has expired", priced(bench, tenors, years=0), "the option has expired")
    for what, slice_, trap in (
            ("a tenor in the past", (-0.25, 0.02, 0.05, -0.3, 0.0, 0.2), "the tenors do not grow"),
            ("a negative b", (0.75, 0.06, -0.01, 0.0, 0.0, 0.2), "b is negative"),
            ("rho of 1", (0.75, 0.06, 0.08, 1.0, 0.0, 0.2), "rho is not between"),
            ("a sigma of dust", (0.75, 0.06, 0.08, 0.0, 0.0, 0.0001), "sigma is not above 0.005"),
            ("a negative sigma", (0.75, 0.06, 0.08, 0.0, 0.0, -0.2), "sigma is not above 0.005"),
            ("a variance of zero", (0.75, 0.0, 0.0, 0.0, 0.0, 0.2), "the least total variance"),
            ("a negative variance", (0.75, -0.06, 0.08, 0.0, 0.0, 0.2), "the least total variance"),
            ("steep wings", (0.75, 0.06, 1.9, 0.5, 0.0, 0.2), "the wings are steeper")):
        bench.refuse(what, priced(bench, [slice_]), trap)
    sharp = (0.75, 0.001, 0.5, 0.0, 0.02, 0.05)
    assert reference.judge([sharp])[0] == "a butterfly costs less than nothing"
    bench.refuse("a butterfly at the points", priced(bench, [sharp]), "a butterfly costs less than nothing")
    lower = [tenors[0], (0.75, 0.01, 0.05, -0.3, 0.0, 0.2)]
    bench.refuse("a lower variance later", priced(bench, lower), "total variance falls from one tenor to the next")
    for name in ("spot", "strike"):
        bench.refuse(f"a {name} of zero", {**honest, "public": {**honest["public"], name: 0}}, f"the {name} is not positive")
    between_points(bench)

"""Attempts to look inside bands that the book is outside of."""
import copy
from marks import TODAY

SEALED = "the records are not those that were committed to"
MARKS = "the marks are not the published ones"
OUTSIDE = "a net number is outside its band"
BANDS = {"value_low": -100, "value_high": 0, "delta_low": -30, "delta_high": 0, "gamma_low": -3, "gamma_high": 0,
         "vega_low": -500, "vega_high": 0}


def listed(vol=0.6):
    return [{"strike": strike, "expiry": TODAY + days, "vol": vol}
            for days, strike in ((0, 60), (7, 60), (91, 65), (182, 65))]


def book(bench, held, marks=None, **public):
    """held is (row, quantity, kind)."""
    marks = marks or listed()
    positions = [{"quantity": quantity, "kind": kind, "strike": marks[row]["strike"], "expiry": marks[row]["expiry"],
                  "mark": row} for row, quantity, kind in held]
    inputs = {"public": {"spot": 60, "rate": "0.03", **BANDS, **public}, "secret": {"positions": positions}}
    reference = bench.reference
    return reference.publish(bench.rng, inputs, marks, "book_seal", "book_blind", reference.POSITION)


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def attempt(bench):
    short = book(bench, [(2, -50, 0), (3, 1, 0)])
    bench.refuse("a short book at the venue's marks", short, OUTSIDE)
    bench.accept("the same book where its marks are low", book(bench, [(2, -50, 0), (3, 1, 0)], listed(0.1)))
    for vol, trap in ((0.1, MARKS), ("0.0000001", "a mark is below 1 %"), (0, "a mark is below 1 %"),
                      (-0.1, "a mark is below 1 %"), (5, "a mark is above 400 %")):
        bench.refuse(f"a volatility of its own, {vol}", changed(short, marks=listed(vol)), trap)
    leg, hedge = short["secret"]["positions"]
    for what, positions in (
            ("the short leg left out", [hedge]), ("the hedge fifty times", [leg, *[hedge] * 50]), ("an empty list", []),
            ("a leg in two halves", [{**leg, "quantity": -25}] * 2 + [hedge]),
            ("a quantity of zero", [{**leg, "quantity": 0}, hedge]), ("the legs exchanged", [hedge, leg]),
            ("calls as puts", [{**leg, "kind": 1}, hedge]),
            ("another expiry and its mark", [{**leg, "expiry": TODAY + 182, "mark": 3}, hedge])):
        bench.refuse(what, changed(short, positions=positions), SEALED)
    bench.refuse("another option's mark", changed(short, positions=[{**leg, "mark": 1}, hedge]), "another option's mark")
    bench.refuse("a row after the last one", changed(short, positions=[{**leg, "mark": 4}, hedge]), "there is no such mark")
    bench.refuse("a kind of 2", changed(short, positions=[{**leg, "kind": 2}, hedge]), "kind is 0 (call) or 1 (put)")
    bench.refuse("an option that is listed twice", book(
        bench, [(3, -50, 0)], [*listed()[:3], {**listed()[2], "vol": 0.1}, listed()[3]]), "one is there twice")
    inside = book(bench, [(2, -5, 0)])
    bench.accept("a smaller book", inside)
    bench.refuse("another book's positions", changed(short, **{
        name: inside["secret"][name] for name in ("positions", "book_blind")}), SEALED)
    bench.refuse("on its last day", book(bench, [(0, -5, 0)]), "volatility to expiry is below 1 %")
    inside["public"]["today"] += 92
    bench.refuse("after its last day", inside, "an option has expired")
    wide = {name: (-10**9 if name.endswith("low") else 10**9) for name in BANDS}
    bench.accept("a million contracts a side, in thousands", book(bench, [(2, -10**6, 0), (3, 10**6, 0)], **wide))
    bench.refuse("a spot where errors are not bounded", book(bench, [(2, -5, 0)], spot=0.5), "the spot is below 1")

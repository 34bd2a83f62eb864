"""Attempts at a lower multiplier than the pool's vega asks for."""
import copy
from marks import TODAY

SEALED = "the records are not those that were committed to"
MARKS = "the marks are not the published ones"
RULE = {"spot": 3000, "rate": "0.03", "capacity": 400, "threshold": "0.5", "surcharge": 2}


def listed():
    return [{"strike": strike, "expiry": TODAY + days, "vol": vol}
            for days, strike, vol in ((0, 3000, 0.7), (30, 3000, 0.62), (30, 3300, 0.6), (90, 3300, 0.55))]


def pool(bench, held, marks=None, **rule):
    marks = marks or listed()
    positions = [{"quantity": quantity, "strike": marks[row]["strike"], "expiry": marks[row]["expiry"], "mark": row}
                 for row, quantity in held]
    inputs = {"public": {**RULE, **rule}, "secret": {"positions": positions}}
    reference = bench.reference
    return reference.publish(bench.rng, inputs, marks, "pool_seal", "pool_blind", reference.POSITION)


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def attempt(bench):
    honest = pool(bench, [(2, -300), (3, 20)])
    outputs = bench.accept("a pool that is used up", honest)
    bench.expect("pays three times the margin", outputs.get("multiplier") == "3", str(outputs))
    for vol, trap in ((0.05, MARKS), ("0.000000000004", "a mark is below 1 %"), (0, "a mark is below 1 %"),
                      (-0.6, "a mark is below 1 %"), (4, MARKS), (50, "a mark is above 400 %")):
        marks = [{**m, "vol": vol} for m in listed()]
        bench.refuse(f"a volatility of its own, {vol}", changed(honest, marks=marks), trap)
    short, long = honest["secret"]["positions"]
    for what, positions in (
            ("the short leg left out", [long]), ("the hedge fifteen times", [short, *[long] * 15]), ("an empty list", []),
            ("a leg in two halves", [{**short, "quantity": -150}] * 2 + [long]),
            ("a quantity of zero", [{**short, "quantity": 0}, long]), ("the legs exchanged", [long, short]),
            ("another strike and its mark", [{**short, "strike": 3000, "mark": 1}, long])):
        bench.refuse(what, changed(honest, positions=positions), SEALED)
    bench.refuse("another option's mark", changed(honest, positions=[{**short, "mark": 3}, long]), "another option's mark")
    bench.refuse("a row after the last one", changed(honest, positions=[{**short, "mark": 4}, long]), "there is no such mark")
    bench.refuse("an option that is listed twice", pool(
        bench, [(3, -300)], [*listed()[:3], {**listed()[2], "vol": 0.05}, listed()[3]]), "one is there twice")
    quiet = pool(bench, [(2, -1)])
    bench.refuse("another pool's positions", changed(honest, **{
        name: quiet["secret"][name] for name in ("positions", "pool_blind")}), SEALED)
    last_day = pool(bench, [(0, -300)])
    outputs = bench.accept("options at the money on their last day", last_day)
    bench.expect("have no vega", outputs.get("multiplier") == "1", str(outputs))
    last_day["public"]["today"] += 1
    bench.refuse("the day after", last_day, "an option has expired")
    big = pool(bench, [(2, -1_000_000), (3, 1_000_000)], capacity=10**8)
    bench.accept("a million contracts a side", big)
    for name, value, trap in (("capacity", -1, "the capacity is not positive"), ("threshold", 1, "the threshold is not in"),
                              ("surcharge", -1, "the surcharge is negative"), ("spot", 0, "the spot is not positive")):
        bench.refuse(f"{name} of {value}", pool(bench, [(2, -300)], **{name: value}), trap)

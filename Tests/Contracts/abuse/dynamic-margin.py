"""Attempts at a lower multiplier than the pool's vega asks for."""
import copy
import math
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


def exact(spot, held, marks, rate, capacity, threshold, surcharge):
    """The multiplier without an allowance."""
    net = 0
    for row, quantity in held:
        mark = marks[row]
        days, vol = mark["expiry"] - TODAY, float(mark["vol"])
        t = days / 365
        d1 = (math.log(spot / float(mark["strike"])) + (rate + vol * vol / 2) * t) / (vol * math.sqrt(t))
        vega = spot * math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi) * math.sqrt(t)
        net += quantity * vega * math.sqrt(30 / max(7, days)) / 100
    return 1 + surcharge * max(min(abs(net) / capacity, 1) - threshold, 0) / (1 - threshold)


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
                              ("surcharge", -1, "the surcharge is negative"), ("spot", 0, "the spot is below 1"),
                               ("spot", "0.999999999", "the spot is below 1"), ("rate", "1.01", "the rate is not in"),
                               ("rate", "-1.01", "the rate is not in")):
        bench.refuse(f"{name} of {value}", pool(bench, [(2, -300)], **{name: value}), trap)

    # Vegas that are rounded to nothing, or down, times a great quantity: the error of each contract counts.
    for spot, quantity in (("0.00001", 10**12), ("0.0000004", 10**14), ("0.0000001", 10**15), ("0.0000001", 10**16)):
        tiny = [{"strike": spot, "expiry": TODAY + 30, "vol": "0.8"}]
        bench.refuse(f"{quantity} contracts at a spot of {spot}", pool(
            bench, [(0, quantity)], tiny, spot=spot, rate=0, capacity=100_000, threshold="0.2"), "the spot is below 1")
    for strike, days, vol in ((1.389, 30, 0.2), (1.4, 30, 0.2), (1.395, 30, 0.2), (0.72, 30, 0.2), (1.0157, 1, 0.05),
                              (1.004, 1, 0.01), (1.0036, 1, 0.01), (0.9965, 1, 0.01), (1.385, 30, 0.2), (16, 3650, 0.17)):
        marks = [{"strike": strike, "expiry": TODAY + days, "vol": vol}]
        for quantity in (10**12, -(10**12), 10**9):
            for share in (0.3, 0.9):
                vega = exact(1, [(0, quantity)], marks, 0, 1, 0, 1) - 1
                if vega == 1:
                    # What the one contract's vega is, where the whole fills a capacity of 1.
                    vega = (exact(1, [(0, quantity)], marks, 0, 10**12, 0, 1) - 1) * 10**12
                rule = {"capacity": max(round(vega / share, 3), 0.001), "threshold": 0.2, "surcharge": 2}
                least = exact(1, [(0, quantity)], marks, 0, **rule)
                outputs = bench.accept(f"{quantity} contracts of strike {strike}", pool(
                    bench, [(0, quantity)], marks, spot=1, rate=0, **rule))
                bench.expect(f"{quantity} contracts of strike {strike} count their vega",
                             float(outputs.get("multiplier", 0)) >= least - 1e-12, f"{outputs}, exact {least}")
    # Short against long: both count their error, and the net is not hidden by it.
    marks = [{"strike": 1.4, "expiry": TODAY + 30, "vol": 0.2}, {"strike": 1.405, "expiry": TODAY + 30, "vol": 0.2}]
    held = [(0, 10**12), (1, -(10**12))]
    least = exact(1, held, marks, 0, 40, 0.2, 2)
    outputs = bench.accept("a hedge of tiny vegas", pool(bench, held, marks, spot=1, rate=0, capacity=40, threshold=0.2))
    bench.expect("counts the difference", float(outputs.get("multiplier", 0)) >= least, f"{outputs}, exact {least}")

"""Attempts to look covered: volatilities, collateral and positions of the prover's own."""
import copy
from marks import TODAY

SEALED = "the records are not those that were committed to"
MARKS = "the marks are not the published ones"
SHORT = "the equity is below the maintenance margin"
RULE = {"spot": 60000, "rate": "0.04", "vol_up": "0.4", "vol_down": "0.28", "power": "0.3", "floor_days": 2,
        "short_minimum": "0.01", "maintenance": "0.5"}


def listed():
    return [{"strike": strike, "expiry": TODAY + days, "vol": vol}
            for days, strike, vol in ((0, 60000, 0.7), (14, 60000, 0.62), (14, 70000, 0.6), (90, 60000, 0.55))]


def position(marks, row, quantity, kind):
    return {"quantity": quantity, "kind": kind, "strike": marks[row]["strike"], "expiry": marks[row]["expiry"], "mark": row}


def account(bench, collateral, held, marks=None, **rule):
    """Inputs as venue and account made them; held is (row, quantity, kind)."""
    marks = marks or listed()
    inputs = {"public": {**RULE, **rule},
              "secret": {"collateral": collateral, "positions": [position(marks, *p) for p in held]}}
    return bench.reference.published(bench.rng, bench.reference.deposited(bench.rng, inputs), marks)


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def own(inputs, vol):
    return changed(inputs, marks=[{**m, "vol": vol} for m in inputs["secret"]["marks"]])


def volatilities(bench, short, long):
    bench.refuse("a short book with too little", short, SHORT)
    bench.refuse("… at a volatility of its own", own(short, 0.05), MARKS)
    bench.refuse("… of dust", own(short, "0.000000000001"), "a mark is below 1 %")
    bench.refuse("… of zero", own(short, 0), "a mark is below 1 %")
    bench.refuse("… below zero", own(short, -0.6), "a mark is below 1 %")
    bench.refuse("a long book with too little", long, SHORT)
    bench.refuse("… at a volatility of its own above the floor that a rule might have", own(long, 3), MARKS)
    bench.refuse("… beyond all", own(long, 40), "a mark is above 400 %")
    position = short["secret"]["positions"][0]
    bench.refuse("another option's mark", changed(short, positions=[{**position, "mark": 2}]), "another option's mark")
    bench.refuse("another expiry's mark", changed(short, positions=[{**position, "mark": 3}]), "another option's mark")
    bench.refuse("a row after the last one", changed(short, positions=[{**position, "mark": 4}]), "there is no such mark")
    bench.refuse("a row beyond the array", changed(short, positions=[{**position, "mark": 2048}]), "out of bounds")
    twice = [*listed()[:2], {**listed()[1], "vol": 0.05}, *listed()[2:]]
    bench.refuse("an option that is listed twice", account(bench, 60000, [(2, -10, 0)], twice), "one is there twice")
    order = listed()[::-1]
    bench.refuse("a table out of order", account(bench, 60000, [(2, -10, 0)], order), "not in the order")
    flat = [{**m, "vol": -0.6} for m in listed()]
    bench.refuse("a published volatility below zero", account(bench, 10**6, [(1, -1, 0)], flat), "a mark is below 1 %")


def collateral(bench, short):
    bench.refuse("collateral of 900,000,000 from nowhere", changed(short, collateral=900_000_000),
                 "the collateral is not what the venue holds")
    bench.refuse("a cent more", changed(short, collateral="60000.01"), "the collateral is not what the venue holds")
    rich = account(bench, 10**6, [(1, -10, 0)])
    other = copy.deepcopy(short)
    for side, names in (("public", ["collateral_seal"]), ("secret", ["collateral", "collateral_blind"])):
        other[side].update({name: rich[side][name] for name in names})
    other["public"]["account"] = rich["public"]["account"] + 1
    bench.refuse("another account's collateral", other, "the collateral is not what the venue holds")


def records(bench, book):
    long, short = book["secret"]["positions"]
    half = {**long, "quantity": 10}
    for what, positions in (
            ("the short leg left out", [long]), ("the long leg twice", [long, long, short]),
            ("a leg in two halves", [half, half, short]), ("the legs exchanged", [short, long]),
            ("an empty list", []), ("a quantity of zero", [{**long, "quantity": 0}, short]),
            ("the sign turned", [long, {**short, "quantity": 20}]), ("calls as puts", [long, {**short, "kind": 1}]),
            ("another strike and its mark", [long, {**short, "strike": 60000, "mark": 1}])):
        bench.refuse(what, changed(book, positions=positions), SEALED)
    bench.refuse("a kind of 2", changed(book, positions=[{**long, "kind": 2}, short]), "kind is 0 (call) or 1 (put)")
    other = account(bench, 1000, [(1, 20, 0)])
    bench.refuse("another account's positions", changed(book, **{
        name: other["secret"][name] for name in ("positions", "portfolio_blind")}), SEALED)


def time(bench):
    today = account(bench, 1, [(0, 5, 0)])
    bench.accept("an option at the money on its last day", today)
    today["public"]["today"] += 1
    bench.refuse("the day after", today, "an option has expired")
    far = [*listed(), {"strike": 60000, "expiry": TODAY + 3651, "vol": 0.5}]
    bench.refuse("more than ten years", account(bench, 10**6, [(4, -1, 0)], far), "more than 3,650 days")


def sizes(bench):
    bench.accept("100,000 contracts at 60,000", account(bench, 2_000_000_000, [(2, -100_000, 0), (3, 100_000, 0)]))
    bench.refuse("the same without collateral, short", account(bench, 0, [(2, -100_000, 0)]), SHORT)
    bench.refuse("sums beyond every format", account(bench, 0, [(2, 2**55, 0), (2, -2**55, 0)]), "overflow")
    far = [*listed(), {"strike": 960_001, "expiry": TODAY + 90, "vol": 0.5}]
    bench.refuse("a strike where prices have no such error", account(bench, 0, [(4, 1, 1)], far), "above sixteen times")


def rules(bench):
    for name, value, trap in (
            ("maintenance", 0, "the maintenance share"), ("maintenance", -1, "the maintenance share"),
            ("vol_up", -1, "vol_up is not in"), ("vol_down", 2, "vol_down is not in"), ("power", -9, "the power is not in"),
            ("short_minimum", -1, "short_minimum is negative"), ("floor_days", 0, "the least number of days"),
            ("rate", -1, "the rate is below"), ("rate", 2, "the rate is above"), ("spot", 0, "the spot is not positive")):
        bench.refuse(f"{name} of {value}", account(bench, 10**6, [(1, -1, 0)], **{name: value}), trap)


def attempt(bench):
    short = account(bench, 60000, [(1, -10, 0)])
    # A debt that calls are to cover.
    long = account(bench, -16000, [(3, 2, 0)])
    volatilities(bench, short, long)
    collateral(bench, short)
    book = account(bench, 60000, [(3, 20, 0), (2, -20, 0)])
    bench.accept("an honest spread", book)
    records(bench, book)
    time(bench)
    sizes(bench)
    rules(bench)
    nothing = account(bench, 0, [])
    bench.accept("nothing held and nothing owed", nothing)
    bench.refuse("nothing held and something owed", account(bench, -1, []), SHORT)

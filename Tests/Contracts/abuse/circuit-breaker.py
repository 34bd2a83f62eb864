"""A halt hidden or made up: trades without a size, at the edges of band, flow and window, left out or changed."""
import copy
from fractions import Fraction

from poseidon2 import compress, exact, hash_words, random_digest, text

ONE = 1 << 32
SEAL = "the records are not those that were committed to"
INTEREST = "the open interest is not the one that was committed to"
SIZE = "a trade has no size"


def seal(trades, blind):
    state = hash_words(len(trades))
    for trade in trades:
        state = compress(state, hash_words(*trade))
    return text(compress(state, blind))


def build(bench, trades, interest=0, flow=10**6 * ONE, interest_limit=10**6 * ONE, band="0.05", reference=100 * ONE):
    """Inputs of what the venue committed to; (time, size, price) in words, the window from 1000 to 1300."""
    blind, interest_blind = random_digest(bench.rng), random_digest(bench.rng)
    return {"public": {"reference": exact(reference), "band": band, "flow_limit": exact(flow),
                       "interest_limit": exact(interest_limit), "opens": 1000, "closes": 1300,
                       "trades_seal": seal(trades, blind),
                       "interest_seal": text(compress(hash_words(interest), interest_blind))},
            "secret": {"open_interest": exact(interest), "venue_blind": text(blind), "interest_blind": text(interest_blind),
                       "trades": [{"time": t, "size": exact(s), "price": exact(p)} for t, s, p in trades]}}


def attempt(bench):
    def judged(what, reasons, *arguments, **terms):
        outputs = bench.accept(what, build(bench, *arguments, **terms))
        expected = {"must_halt": str(int(reasons > 0)), "reasons": str(reasons), "trade_count": str(len(arguments[0]))}
        bench.expect(f"{what}: the verdict", outputs == expected, str(outputs))

    price, far = 100 * ONE, 200 * ONE
    honest = [(1000, ONE, price), (1100, -2 * ONE, 101 * ONE)]
    judged("two trades", 0, honest)
    judged("none", 0, [])

    # Nothing was traded at the price that halts the market.
    bench.refuse("a trade of no size, outside the band", build(bench, [*honest, (1200, 0, far)]), SIZE)
    bench.refuse("only that", build(bench, [(1200, 0, far)]), SIZE)
    bench.refuse("of no size, inside", build(bench, [(1000, 0, price), *honest]), SIZE)
    written = build(bench, honest)
    written["secret"]["trades"].append({"time": 1200, "size": "0.0000000001", "price": "200"})
    bench.refuse("a size that is read as 0", written, SIZE)
    judged("an ulp is a size", 1, [(1200, 1, far)])
    judged("and less than nothing is one", 1, [(1200, -1, far)])

    # The edges: at the band, the flow, the interest; at the window's ends; two trades at one time.
    distance = int(Fraction(round(Fraction("0.05") * 2**48), 2**48) * 100 * ONE)
    for side in (1, -1):
        judged("at the band", 0, [(1000, ONE, price + side * distance)])
        judged("an ulp outside", 1, [(1000, ONE, price + side * (distance + 1))])
        judged("at the flow limit", 0, [(1000, side * ONE, price)], flow=100 * ONE)
        judged("an ulp above it", 2, [(1000, side * ONE, price)], flow=100 * ONE - 1)
        judged("a notional of less than an ulp counts as one", 2, [(1000, side, 1)], flow=0, reference=1)
    judged("bought and sold cancel", 0, [(1000, ONE, price), (1000, -ONE, price)], flow=0)
    judged("but not outside the band", 1, [(1000, ONE, far), (1000, -ONE, far)], flow=0)
    judged("at the interest limit", 0, honest, 10 * ONE, interest_limit=1000 * ONE)
    judged("an ulp above that", 4, honest, 10 * ONE, interest_limit=1000 * ONE - 1)
    judged("all three", 7, [(1000, ONE, far)], 10 * ONE, flow=0, interest_limit=0)
    judged("at one time, and in the last moment", 0, [(1000, ONE, price), (1000, ONE, price), (1299, ONE, price)])
    bench.refuse("before the window", build(bench, [(999, ONE, price)]), "not in order, or before the window")
    bench.refuse("at its end", build(bench, [(1300, ONE, price)]), "a trade is after the window")
    bench.refuse("out of order", build(bench, honest[::-1]), "not in order, or before the window")

    # Other trades or another interest than those committed to.
    inputs = build(bench, [*honest, (1200, ONE, far)], 10 * ONE)
    bench.accept("a halt", inputs)

    def trades(what, change):
        other = copy.deepcopy(inputs)
        other["secret"]["trades"] = change(other["secret"]["trades"])
        bench.refuse(what, other, SEAL)

    trades("the one outside left out", lambda r: r[:2])
    trades("it was inside", lambda r: [*r[:2], {**r[2], "price": "100"}])
    trades("one twice", lambda r: [*r, r[2]])
    trades("one more", lambda r: [*r, {**r[2], "size": "-1"}])
    trades("the other side", lambda r: [{**r[0], "size": "-1"}, *r[1:]])
    trades("another time", lambda r: [{**r[0], "time": 1001}, *r[1:]])
    trades("one split", lambda r: [{**r[0], "size": "0.5"}, {**r[0], "size": "0.5"}, *r[1:]])
    trades("none", lambda r: [])
    tied = build(bench, [(1000, ONE, price), (1000, ONE, 101 * ONE)])
    tied["secret"]["trades"].reverse()
    bench.refuse("two of one time exchanged", tied, SEAL)
    for change in ({"open_interest": "9"}, {"open_interest": "0"}, {"interest_blind": inputs["secret"]["venue_blind"]},
                   {"interest_blind": text(random_digest(bench.rng))}):
        other = copy.deepcopy(inputs)
        other["secret"].update(change)
        bench.refuse(f"another interest: {change}", other, INTEREST)
    other = copy.deepcopy(inputs)
    other["secret"]["venue_blind"] = inputs["secret"]["interest_blind"]
    bench.refuse("the interest's blind for the trades", other, SEAL)

    # What cannot be.
    bench.refuse("a price of 0", build(bench, [(1000, ONE, 0)]), "a trade's price is not positive")
    bench.refuse("a negative price", build(bench, [(1000, ONE, -price)]), "a trade's price is not positive")
    bench.refuse("a negative interest", build(bench, [], -1), "the open interest is negative")
    bench.refuse("a negative band", build(bench, [], band="-0.05"), "the band is negative")
    bench.refuse("no reference", build(bench, [], reference=0), "the reference price is not positive")
    # 2^29 of notional passes; the greatest sizes of either side do not.
    judged("large", 2, [(1000, 2**22 * ONE, 128 * ONE)], reference=128 * ONE)
    for size in (2**62 - 1, -1073676288 * ONE):
        bench.refuse(f"a size of {size}", build(bench, [(1000, size, price)]), "overflow")

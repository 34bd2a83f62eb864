"""The halting rule by whole numbers."""
import math
from fractions import Fraction
from poseidon2 import compress, hash_words, q, random_digest, seal, text

TRADE = {"time": 0, "size": 32, "price": 32}


def rule(rng):
    unit = 2**32
    reference = Fraction(rng.randrange(1, 10**6), 1000)
    band = Fraction(rng.randrange(0, 200), 1000)
    trades, time = [], 0
    for _ in range(rng.randrange(0, 12)):
        time += rng.randrange(0, 40)
        price = reference * Fraction(rng.randrange(9000, 11000), 10000)
        trades.append([time, Fraction(rng.choice([rng.randrange(-10**6, 10**6)] * 40 + [0]), 1000), max(price, Fraction(1, 1000))])
    written = lambda x: f"{float(x):.6f}"
    read = lambda x: Fraction(round(Fraction(written(x)) * unit), unit)
    interest = Fraction(rng.randrange(0, 10**7), 100)
    limits = [Fraction(rng.randrange(0, 10**6)), Fraction(rng.randrange(0, 10**8), 2)]
    opens, closes = rng.randrange(-5, 5), rng.randrange(200, 600)
    inputs = {
        "public": {"reference": written(reference), "band": written(band), "flow_limit": written(limits[0]),
                   "interest_limit": written(limits[1]), "opens": opens, "closes": closes},
        "secret": {"open_interest": written(interest),
                   "trades": [{"time": t, "size": written(s), "price": written(p)} for t, s, p in trades]}}
    up = lambda x: Fraction(math.ceil(x * unit), unit)
    reference, interest = read(reference), read(interest)
    band = Fraction(round(Fraction(written(band)) * 2**48), 2**48)
    distance = Fraction(math.floor(band * reference * unit), unit)
    last, flow, breach = opens, Fraction(0), False
    for time, size, price in trades:
        if time < last:
            return inputs, "the trades are not in order, or before the window"
        if time >= closes:
            return inputs, "a trade is after the window"
        if not read(size):
            return inputs, "a trade has no size"
        last = time
        size, price = read(size), read(price)
        breach |= abs(price - reference) > distance
        flow += up(abs(size) * price) * (1 if size > 0 else -1)
    mask = breach + 2 * (abs(flow) > limits[0]) + 4 * (up(interest * reference) > limits[1])
    return inputs, {"must_halt": (int(mask > 0), 0), "reasons": (mask, 0), "trade_count": (len(trades), 0)}


def case(rng):
    inputs, expected = rule(rng)
    secret = inputs["secret"]
    blind, interest_blind = random_digest(rng), random_digest(rng)
    inputs["public"]["trades_seal"] = seal(secret["trades"], TRADE, blind)
    inputs["public"]["interest_seal"] = text(compress(hash_words(q(secret["open_interest"], 32)), interest_blind))
    secret["venue_blind"], secret["interest_blind"] = text(blind), text(interest_blind)
    if rng.random() < 0.05:
        inputs["public"]["interest_seal"] = text(random_digest(rng))
        return inputs, "the open interest is not the one that was committed to"
    if not isinstance(expected, str) and rng.random() < 0.05:
        inputs["public"]["trades_seal"] = text(random_digest(rng))
        return inputs, "the records are not those that were committed to"
    return inputs, expected

"""The halting rule by whole numbers."""
import math
from fractions import Fraction


def case(rng):
    unit = 2**32
    reference = Fraction(rng.randrange(1, 10**6), 1000)
    band = Fraction(rng.randrange(0, 200), 1000)
    trades, time = [], 0
    for _ in range(rng.randrange(0, 12)):
        time += rng.randrange(0, 40)
        price = reference * Fraction(rng.randrange(9000, 11000), 10000)
        trades.append([time, Fraction(rng.randrange(-10**6, 10**6), 1000), max(price, Fraction(1, 1000))])
    text = lambda x: f"{float(x):.6f}"
    read = lambda x: Fraction(round(Fraction(text(x)) * unit), unit)
    interest = Fraction(rng.randrange(0, 10**7), 100)
    limits = [Fraction(rng.randrange(0, 10**6)), Fraction(rng.randrange(0, 10**8), 2)]
    opens, closes = rng.randrange(-5, 5), rng.randrange(200, 600)
    inputs = {
        "public": {"reference": text(reference), "band": text(band), "flow_limit": text(limits[0]),
                   "interest_limit": text(limits[1]), "opens": opens, "closes": closes},
        "secret": {"open_interest": text(interest),
                   "trades": [{"time": t, "size": text(s), "price": text(p)} for t, s, p in trades]}}
    up = lambda x: Fraction(math.ceil(x * unit), unit)
    reference, interest = read(reference), read(interest)
    band = Fraction(round(Fraction(text(band)) * 2**48), 2**48)
    distance = Fraction(math.floor(band * reference * unit), unit)
    last, flow, breach = opens, Fraction(0), False
    for time, size, price in trades:
        if time < last:
            return inputs, "the trades are not in order, or before the window"
        if time >= closes:
            return inputs, "a trade is behind the window"
        last = time
        size, price = read(size), read(price)
        breach |= abs(price - reference) > distance
        flow += up(abs(size) * price) * (1 if size > 0 else -1)
    mask = breach + 2 * (abs(flow) > limits[0]) + 4 * (up(interest * reference) > limits[1])
    return inputs, {"must_halt": (int(mask > 0), 0), "reasons": (mask, 0), "trade_count": (len(trades), 0)}

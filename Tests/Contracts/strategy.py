"""Delta hedging in floating point; cases within a millionth of the tolerance are drawn anew."""
import math
from poseidon2 import chain, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48


def delta(s, k, t, r, v):
    if t <= 0 or v <= 0:
        return 0.0
    w = v * math.sqrt(t)
    return math.erfc(-(math.log(s / k) + (r + v * v / 2) * t) / w / math.sqrt(2)) / 2


def build(rng, vol, strike, contracts, rate, tolerance, steps):
    """steps: (spot, years, miss): the hedge misses its target by so many shares."""
    holding, records, quotes, fills, open_ = 0, [], [], [], []
    for spot, years, miss in steps:
        target = -contracts * delta(spot / ONE, strike / ONE, years / FRACTION, rate / FRACTION, vol / FRACTION)
        trade = round((target + miss) * ONE) - holding
        holding += trade
        open_.append(abs(holding / ONE - target))
        records.append({"spot": exact(spot), "years": exact(years, 48), "trade": exact(trade)})
        quotes.append(hash_words(spot, years))
        fills.append(hash_words(spot, years, trade))
    vb, pb, fb = random_digest(rng), random_digest(rng), random_digest(rng)
    inputs = {"public": {"model": text(compress(hash_words(vol), vb)),
                         "position": text(compress(hash_words(strike, contracts), pb)), "prices": text(chain(quotes)),
                         "fills": text(compress(chain(fills), fb)), "rate": exact(rate, 48), "tolerance": exact(tolerance)},
              "secret": {"vol": exact(vol, 48), "vol_blind": text(vb), "strike": exact(strike), "contracts": contracts,
                         "position_blind": text(pb), "fills_blind": text(fb), "rebalances": records}}
    return inputs, {"rebalances_made": (len(steps), 0)}, open_


def path(rng, count, spot, years):
    steps = []
    for i in range(count):
        spot = max(ONE, round(spot * math.exp(rng.gauss(0, 0.02))))
        steps.append((spot, max(0, years - i * FRACTION // 365)))
    return steps


def sample(rng, count):
    steps = [(s, y, rng.uniform(-4, 4)) for s, y in path(rng, count, 100 * ONE, FRACTION)]
    return build(rng, round(0.24 * FRACTION), 105 * ONE, -1000, FRACTION // 25, 5 * ONE, steps)[0]


def trap(vol, strike, contracts, tolerance, steps, open_):
    """The first rule that is broken, in the contract's order."""
    if contracts == 0:
        return "there are no options to hedge"
    if not steps:
        return "there are no rebalances"
    before = 16383 * FRACTION
    for (spot, years, _), miss in zip(steps, open_):
        if years >= before:
            return "the rebalances are not in the order of time"
        if years <= 0:
            return "the options have expired"
        if strike > 16 * spot:
            return "the strike is above sixteen times the price"
        if spot > 16 * strike:
            return "the strike is below a sixteenth of the price"
        if vol / FRACTION * math.sqrt(years / FRACTION) < 0.001:
            return "the volatility to expiry is below 0.001"
        if miss > tolerance / ONE:
            return "a rebalance left the hedge outside the tolerance"
        before = years
    return None


def case(rng):
    tolerance = rng.randrange(1, 20 * ONE)
    limit = tolerance / ONE
    strike = rng.randrange(50, 200) * ONE
    days = FRACTION // 365
    steps = [(s, y, rng.choice([-1, 1]) * limit * rng.choice([0.5, 0.99, 0.999, 0.99, 0.1, 0.3, 0.9, 1.001]))
             for s, y in path(rng, rng.randrange(0, 6), strike * rng.choice([1, 1, 1, 2, 13, 16, 17]) // rng.choice([1, 1, 1, 15, 17]),
                              rng.randrange(FRACTION) if rng.random() < 0.8 else rng.randrange(6 * days))]
    if len(steps) > 1 and rng.random() < 0.05:
        steps[0], steps[1] = steps[1], steps[0]
    contracts = rng.randrange(-500, 501) if rng.random() < 0.95 else 0
    # σ√T down to the least that the rule allows, and below it.
    vol = rng.randrange(FRACTION // 20, FRACTION) if rng.random() < 0.7 else round(FRACTION * 0.001 * rng.uniform(0.5, 4))
    inputs, outputs, open_ = build(rng, vol, strike, contracts, rng.randrange(FRACTION // 10), tolerance, steps)
    slack = abs(contracts) * 1e-9
    if any(abs(o - limit) < 2 * slack + 1e-6 for o in open_) or limit < 2 * slack:
        return case(rng)
    if any(abs(vol / FRACTION * math.sqrt(y / FRACTION) - 0.001) < 1e-12 for _, y, _ in steps):
        return case(rng)
    if rng.random() < 0.05:
        inputs["secret"]["vol"] = exact(FRACTION // 3, 48)
        return inputs, "the volatility is not the one that was committed to"
    broken = trap(vol, strike, contracts, tolerance, steps, open_)
    if broken:
        return inputs, broken
    if rng.random() < 0.05:
        inputs["public"]["prices"] = text(random_digest(rng))
        return inputs, "the prices are not the published ones"
    if rng.random() < 0.05:
        inputs["public"]["fills"] = text(random_digest(rng))
        return inputs, "the records are not those that were committed to"
    return inputs, outputs

"""Delta hedging in floating point; cases within a millionth of the tolerance are drawn anew."""
import math
from poseidon2 import chain, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48


def delta(s, k, t, r, v):
    w = v * math.sqrt(t)
    if w == 0:
        return 1.0 if s > k * math.exp(-r * t) else 0.0
    return math.erfc(-(math.log(s / k) + (r + v * v / 2) * t) / w / math.sqrt(2)) / 2


def build(rng, vol, strike, contracts, rate, tolerance, steps, wrong=None):
    """steps: (spot, years, miss): the hedge misses its target by so many shares."""
    holding, records, quotes, open_ = 0, [], [], []
    for spot, years, miss in steps:
        target = -contracts * delta(spot / ONE, strike / ONE, years / FRACTION, rate / FRACTION, vol / FRACTION)
        trade = round((target + miss) * ONE) - holding
        holding += trade
        open_.append(abs(holding / ONE - target))
        records.append({"spot": exact(spot), "years": exact(years, 48), "trade": exact(trade)})
        quotes.append(hash_words(spot, years))
    vb, pb = random_digest(rng), random_digest(rng)
    inputs = {"public": {"model": text(compress(hash_words(vol), vb)),
                         "position": text(compress(hash_words(strike, contracts), pb)), "prices": text(chain(quotes)),
                         "rate": exact(rate, 48), "tolerance": exact(tolerance)},
              "secret": {"vol": exact(vol, 48), "vol_blind": text(vb), "strike": exact(strike), "contracts": contracts,
                         "position_blind": text(pb), "rebalances": records}}
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


def case(rng):
    tolerance = rng.randrange(1, 20 * ONE)
    limit = tolerance / ONE
    steps = [(s, y, rng.choice([-1, 1]) * limit * rng.choice([0.5, 0.99, 0.999, 0.99, 0.1, 0.3, 0.9, 1.001]))
             for s, y in path(rng, rng.randrange(0, 6), rng.randrange(50, 200) * ONE, rng.randrange(FRACTION))]
    contracts = rng.randrange(-500, 501)
    inputs, outputs, open_ = build(rng, rng.randrange(FRACTION // 20, FRACTION), rng.randrange(50, 200) * ONE,
                                   contracts, rng.randrange(FRACTION // 10), tolerance, steps)
    slack = abs(contracts) * 1e-8
    if any(abs(o - limit) < 2 * slack + 1e-6 for o in open_) or limit < 2 * slack:
        return case(rng)
    if rng.random() < 0.05:
        inputs["secret"]["vol"] = exact(FRACTION // 3, 48)
        return inputs, "the volatility is not the one that was committed to"
    if any(o > limit for o in open_):
        return inputs, "a rebalance left the hedge outside the tolerance"
    if steps and rng.random() < 0.05:
        inputs["public"]["prices"] = text(random_digest(rng))
        return inputs, "the prices are not the published ones"
    return inputs, outputs

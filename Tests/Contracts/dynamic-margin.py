"""The pool's multiplier in floating point, with the allowance for the error of each contract."""
import fractions
import math
from marks import TODAY, hold, publish, spoil, table

POSITION = {"quantity": 0, "strike": 32, "expiry": 0}

# What the contract's words are: 1.5e-11 of the spot and 1.5e-10.
VEGA_ERROR, ROUNDING = (fractions.Fraction(round(x * 2**48), 2**48) for x in (1.5e-11, 1.5e-10))


def ceil(x, bits):
    return fractions.Fraction(math.ceil(x * 2**bits), 2**bits)


def allowance(spot, contracts):
    """What so many contracts, long and short, count against the pool, exactly."""
    return float(ceil((ceil(VEGA_ERROR * fractions.Fraction(spot), 48) + ROUNDING) * contracts, 32))


def rule(rng):
    spot = rng.choice([50, 3000, 60000])
    market = {
        "spot": spot, "rate": round(rng.uniform(-0.01, 0.1), 4), "capacity": round(spot * rng.uniform(0.001, 0.4), 2),
        "threshold": round(rng.uniform(0, 0.95), 3), "surcharge": round(rng.uniform(0, 3), 3)}
    strikes = [round(spot * rng.uniform(0.5, 1.8)) for _ in range(4)]
    marks = table(rng, [spot, *strikes], [0, 1, 3, 7, 30, 90, 365], (0.2, 1.5), rng.randrange(1, 12))
    held = [hold(rng, marks, rng.randrange(-50, 51)) for _ in range(rng.randrange(0, 9))]
    net, size = 0.0, 0
    for p, mark in held:
        days, v = mark["expiry"] - TODAY, mark["vol"]
        size += abs(p["quantity"])
        if days == 0:
            continue
        t = days / 365
        d1 = (math.log(spot / p["strike"]) + (market["rate"] + v * v / 2) * t) / (v * math.sqrt(t))
        vega = spot * math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi) * math.sqrt(t)
        net += p["quantity"] * vega * math.sqrt(30 / max(7, days)) / 100
    capacity = round(market["capacity"] * 2**32) / 2**32
    utilisation = min((abs(net) + allowance(spot, size)) / capacity, 1)
    room = 1 - market["threshold"]
    multiplier = 1 + market["surcharge"] * max(utilisation - market["threshold"], 0) / room
    # Half a unit of q32 and the error of vega a contract, over the capacity and what is left above the threshold.
    tolerance = 1e-12 + market["surcharge"] / room / capacity * (1.3e-10 * size + 1e-13 * spot * size + 2**-32)
    inputs = {"public": market, "secret": {"positions": [p for p, _ in held]}}
    return inputs, {"multiplier": (multiplier, tolerance)}, marks


def case(rng):
    inputs, expected, marks = rule(rng)
    return spoil(rng, publish(rng, inputs, marks, "pool_seal", "pool_blind", POSITION), expected)

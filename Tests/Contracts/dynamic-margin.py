"""The pool's multiplier in floating point."""
import math
from poseidon2 import attach

POSITION = {"quantity": 0, "strike": 32, "days": 0, "vol": 48}


def rule(rng):
    spot = rng.choice([50, 3000, 60000])
    market = {
        "spot": spot, "rate": round(rng.uniform(-0.01, 0.1), 4), "capacity": round(spot * rng.uniform(0.001, 0.4), 2),
        "threshold": round(rng.uniform(0, 0.95), 3), "surcharge": round(rng.uniform(0, 3), 3)}
    positions = [
        {"quantity": rng.randrange(-50, 51), "strike": round(spot * rng.uniform(0.5, 1.8)),
         "days": rng.choice([1, 3, 7, 30, 90, 365]), "vol": round(rng.uniform(0.2, 1.5), 3)}
        for _ in range(rng.randrange(0, 9))]
    net, size = 0.0, 0
    for p in positions:
        t, v = p["days"] / 365, p["vol"]
        d1 = (math.log(spot / p["strike"]) + (market["rate"] + v * v / 2) * t) / (v * math.sqrt(t))
        vega = spot * math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi) * math.sqrt(t)
        net += p["quantity"] * vega * math.sqrt(30 / max(7, p["days"])) / 100
        size += abs(p["quantity"])
    utilisation = min(abs(net) / market["capacity"], 1)
    room = 1 - market["threshold"]
    multiplier = 1 + market["surcharge"] * max(utilisation - market["threshold"], 0) / room
    # A few units of q32 a contract, over the capacity and what is left above the threshold.
    tolerance = 1e-9 + market["surcharge"] / room / market["capacity"] * (1e-9 * size + 1e-12 * spot * size)
    return {"public": market, "secret": {"positions": positions}}, {"multiplier": (multiplier, tolerance)}


def case(rng):
    inputs, expected = rule(rng)
    return attach(rng, inputs, expected, "pool_seal", "pool_blind", inputs["secret"]["positions"], POSITION)

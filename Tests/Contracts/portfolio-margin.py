"""Portfolio margin in floating point; cases within a cent of the requirement are drawn anew."""
import math
from poseidon2 import attach

POSITION = {"quantity": 0, "kind": 0, "strike": 32, "days": 0, "vol": 48}

SHOCKS = [0.84, 0.88, 0.92, 0.96, 1.04, 1.08, 1.12, 1.16]


def price(is_put, s, k, t, r, v):
    discounted = k * math.exp(-r * t)
    w = v * math.sqrt(t)
    if w == 0:
        call = max(s - discounted, 0)
    else:
        d1 = (math.log(s / k) + (r + v * v / 2) * t) / w
        phi = lambda x: math.erfc(-x / math.sqrt(2)) / 2
        call = s * phi(d1) - discounted * phi(d1 - w)
    return call - s + discounted if is_put else call


def rule(rng):
    spot = rng.choice([100, 3000, 60000])
    market = {
        "spot": spot, "rate": round(rng.uniform(0, 0.08), 4), "vol_up": round(rng.uniform(0.1, 0.5), 3),
        "vol_down": round(rng.uniform(0.1, 0.4), 3), "power": round(rng.uniform(0.1, 0.5), 2),
        "floor_days": rng.randrange(1, 8), "short_minimum": round(rng.uniform(0, 0.02), 4), "maintenance": 0.5}
    positions = [
        {"quantity": rng.randrange(-5, 6), "kind": rng.randrange(2), "strike": round(spot * rng.uniform(0.6, 1.5)),
         "days": rng.choice([0, 1, 3, 7, 30, 90, 365]), "vol": round(rng.uniform(0.2, 1.2), 3)}
        for _ in range(rng.randrange(0, 7))]
    worth, losses, short = 0.0, [0.0] * 24, 0
    for p in positions:
        t = p["days"] / 365
        scale = (30 / max(market["floor_days"], p["days"])) ** market["power"]
        value = lambda s, v: price(p["kind"] == 1, s, p["strike"], t, market["rate"], v)
        now = value(spot, p["vol"])
        worth += p["quantity"] * now
        vols = [p["vol"], p["vol"] * (1 + market["vol_up"] * scale), max(p["vol"] * (1 - market["vol_down"] * scale), 0)]
        for i, shock in enumerate(SHOCKS):
            for j, v in enumerate(vols):
                losses[3 * i + j] += p["quantity"] * (now - value(spot * shock, v))
        short += max(-p["quantity"], 0)
    initial = max(max(losses), 0, short * market["short_minimum"] * spot)
    required = market["maintenance"] * initial
    collateral = round(required - worth + rng.choice([-1, 1]) * rng.uniform(0.01, 0.3) * spot, 2)
    excess = collateral + worth - required
    if abs(excess) < 0.01:
        return rule(rng)
    inputs = {"public": market, "secret": {"collateral": collateral, "positions": positions}}
    return inputs, {"covered": (1, 0)} if excess > 0 else "the equity is below the maintenance margin"


def attached(rng, inputs, expected):
    return attach(rng, inputs, expected, "portfolio_seal", "portfolio_blind", inputs["secret"]["positions"], POSITION)


def case(rng):
    return attached(rng, *rule(rng))

"""Portfolio margin in floating point; cases within a cent of the requirement are drawn anew."""
import math
from marks import TODAY, hold, publish, spoil, table
from poseidon2 import compress, hash_words, q, random_digest, text

POSITION = {"quantity": 0, "kind": 0, "strike": 32, "expiry": 0}

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
    strikes = [round(spot * rng.uniform(0.6, 1.5)) for _ in range(4)]
    marks = table(rng, strikes, [0, 1, 3, 7, 30, 90, 365], (0.2, 1.2), rng.randrange(1, 9))
    size = rng.choice([5, 5, 200_000])
    held = [hold(rng, marks, rng.randrange(-size, size + 1), lambda: {"kind": rng.randrange(2)})
            for _ in range(rng.randrange(0, 7))]
    worth, losses, short = 0.0, [0.0] * 24, 0
    for p, mark in held:
        days, vol = mark["expiry"] - TODAY, mark["vol"]
        t = days / 365
        scale = (30 / max(market["floor_days"], days)) ** market["power"]
        value = lambda s, v: price(p["kind"] == 1, s, p["strike"], t, market["rate"], v)
        now = value(spot, vol)
        worth += p["quantity"] * now
        vols = [vol, vol * (1 + market["vol_up"] * scale), max(vol * (1 - market["vol_down"] * scale), 0)]
        for i, shock in enumerate(SHOCKS):
            for j, v in enumerate(vols):
                losses[3 * i + j] += p["quantity"] * (now - value(spot * shock, v))
        short += max(-p["quantity"], 0)
    initial = max(max(losses), 0, short * market["short_minimum"] * spot)
    required = market["maintenance"] * initial
    collateral = round(required - worth + rng.choice([-1, 1]) * rng.uniform(0.01, 0.3) * spot, 2)
    excess = collateral + worth - required
    # What rounding and the functions' errors count for, and the floating point's own.
    if abs(excess) < 0.01 + sum(abs(p["quantity"]) for p, _ in held) * (2e-12 * spot + 4e-9):
        return rule(rng)
    inputs = {"public": market, "secret": {"collateral": collateral, "positions": [p for p, _ in held]}}
    return inputs, {"covered": (1, 0)} if excess > 0 else "the equity is below the maintenance margin", marks


def published(rng, inputs, marks):
    return publish(rng, inputs, marks, "portfolio_seal", "portfolio_blind", POSITION)


def deposit(account, collateral, blind):
    return text(compress(hash_words(account, q(collateral, 16)), blind))


def deposited(rng, inputs):
    """Adds the venue's commitment to the collateral."""
    public, secret, blind = inputs["public"], inputs["secret"], random_digest(rng)
    public["account"] = rng.randrange(10**6)
    public["collateral_seal"] = deposit(public["account"], secret["collateral"], blind)
    secret["collateral_blind"] = text(blind)
    return inputs


def case(rng):
    inputs, expected, marks = rule(rng)
    inputs = published(rng, deposited(rng, inputs), marks)
    if rng.random() < 0.05:
        inputs["secret"]["collateral"] += 1000
        return inputs, "the collateral is not what the venue holds"
    return spoil(rng, inputs, expected)

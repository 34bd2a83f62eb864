"""Values and Greeks in floating point; bands with a margin that is wider than all errors, or beyond it."""
import math
from marks import TODAY, hold, publish, spoil, table

POSITION = {"quantity": 0, "kind": 0, "strike": 32, "expiry": 0}

LIMITS = {"value": 1e-5, "delta": 1e-5, "gamma": 1e-5, "vega": 1e-3}


def greeks(kind, s, k, t, r, v):
    w = v * math.sqrt(t)
    d1 = (math.log(s / k) + (r + v * v / 2) * t) / w
    phi = lambda x: math.erfc(-x / math.sqrt(2)) / 2
    density = math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    discounted = k * math.exp(-r * t)
    call = s * phi(d1) - discounted * phi(d1 - w)
    value = call if kind == 0 else call - s + discounted
    return value, phi(d1) - kind, density / (s * w), s * density * math.sqrt(t)


def build(rng, count, spot, rate, listed):
    strikes = sorted({round(spot * rng.uniform(0.3, 3), 2) for _ in range(40)})
    marks = table(rng, strikes, range(18, 1096), (0.1, 1.2), listed)
    positions, totals = [], [0.0] * 4
    for _ in range(count):
        p, mark = hold(rng, marks, rng.randrange(-50, 51), lambda: {"kind": rng.randrange(2)})
        positions.append(p)
        one = greeks(p["kind"], spot, p["strike"], (p["expiry"] - TODAY) / 365, rate, mark["vol"])
        totals = [a + p["quantity"] * b for a, b in zip(totals, one)]
    return positions, totals, marks


def sample_rule(rng, count):
    positions, totals, marks = build(rng, count, 60, 0.03, 1000)
    public = {"spot": 60, "rate": 0.03}
    for name, total in zip(LIMITS, totals):
        public.update({f"{name}_low": round(total - 1000), f"{name}_high": round(total + 1000)})
    return {"public": public, "secret": {"positions": positions}}, marks


def rule(rng):
    spot, rate = rng.choice([1, 60, 3000]), round(rng.uniform(0, 0.08), 4)
    positions, totals, marks = build(rng, rng.randrange(0, 6), spot, rate, rng.randrange(1, 8))
    public, inside = {"spot": spot, "rate": rate}, True
    for (name, margin), total in zip(LIMITS.items(), totals):
        margin *= max(1, spot / 60)
        low = total - margin * rng.uniform(1, 1000)
        high = total + margin * rng.uniform(1, 1000)
        if rng.random() < 0.08:
            inside = False
            if rng.random() < 0.5:
                low = total + margin
            else:
                high = total - margin
        public.update({f"{name}_low": f"{low:.12f}", f"{name}_high": f"{high:.12f}"})
    inputs = {"public": public, "secret": {"positions": positions}}
    return inputs, {"inside": (1, 0)} if inside else "a net number is outside its band", marks


def case(rng):
    inputs, expected, marks = rule(rng)
    return spoil(rng, publish(rng, inputs, marks, "book_seal", "book_blind", POSITION), expected)


def sample(rng, count):
    inputs, marks = sample_rule(rng, count)
    return publish(rng, inputs, marks, "book_seal", "book_blind", POSITION)

"""Values and Greeks in floating point; bands with a margin that is wider than all errors, or beyond it."""
import math
from poseidon2 import attach, random_digest, seal, text

POSITION = {"quantity": 0, "kind": 0, "strike": 32, "years": 48, "vol": 48}

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


def build(rng, count, spot, rate):
    positions, totals = [], [0.0] * 4
    for _ in range(count):
        p = {"quantity": rng.randrange(-50, 51), "kind": rng.randrange(2), "strike": round(spot * rng.uniform(0.3, 3), 2),
             "years": round(rng.uniform(0.05, 3), 4), "vol": round(rng.uniform(0.1, 1.2), 3)}
        positions.append(p)
        one = greeks(p["kind"], spot, p["strike"], p["years"], rate, p["vol"])
        totals = [a + p["quantity"] * b for a, b in zip(totals, one)]
    return positions, totals


def sample_rule(rng, count):
    positions, totals = build(rng, count, 60, 0.03)
    public = {"spot": 60, "rate": 0.03}
    for name, total in zip(LIMITS, totals):
        public.update({f"{name}_low": round(total - 1000), f"{name}_high": round(total + 1000)})
    return {"public": public, "secret": {"positions": positions}}


def rule(rng):
    spot, rate = rng.choice([1, 60, 3000]), round(rng.uniform(0, 0.08), 4)
    positions, totals = build(rng, rng.randrange(0, 6), spot, rate)
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
    return inputs, {"inside": (1, 0)} if inside else "a net number is outside its band"


def case(rng):
    inputs, expected = rule(rng)
    return attach(rng, inputs, expected, "book_seal", "book_blind", inputs["secret"]["positions"], POSITION)


def sample(rng, count):
    inputs = sample_rule(rng, count)
    blind = random_digest(rng)
    inputs["public"]["book_seal"] = seal(inputs["secret"]["positions"], POSITION, blind)
    inputs["secret"]["book_blind"] = text(blind)
    return inputs

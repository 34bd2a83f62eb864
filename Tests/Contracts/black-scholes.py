"""The closed formulas in floating point (PricingTests compares with mpmath and QuantLib to the bound)."""
import math


def case(rng):
    s, r = rng.choice([100, 60000]), round(rng.uniform(0, 0.1), 4)
    k, t, v = round(s * rng.uniform(0.4, 2.5), 2), round(rng.uniform(0.02, 5), 4), round(rng.uniform(0.05, 1.5), 3)
    w = v * math.sqrt(t)
    d1 = (math.log(s / k) + (r + v * v / 2) * t) / w
    phi = lambda x: math.erfc(-x / math.sqrt(2)) / 2
    density = math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    discounted = k * math.exp(-r * t)
    paid = discounted * phi(d1 - w)
    call = s * phi(d1) - paid
    expected = {
        "call": (call, 1e-12 * s + 1e-9), "put": (call - s + discounted, 1e-12 * s + 1e-9), "delta": (phi(d1), 1e-11),
        "gamma": (density / (s * w), 1e-11), "vega": (s * density * math.sqrt(t), 1e-11 * s + 1e-9),
        "theta": (-s * density * v / (2 * math.sqrt(t)) - r * paid, 1e-11 * s + 1e-9), "rho": (t * paid, 1e-11 * s + 1e-9)}
    secret = {"spot": s, "strike": k, "years": t, "rate": r, "vol": v}
    if rng.random() < 0.02:
        secret["vol"] = rng.choice([0, -v])
        return {"secret": secret}, "the volatility is not positive"
    if rng.random() < 0.02:
        secret["strike"] = 0
        return {"secret": secret}, "division by zero"
    return {"secret": secret}, expected

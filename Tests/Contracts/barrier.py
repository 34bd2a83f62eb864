"""Knock-out options by integrating the payoff against the density of Brownian motion that is absorbed
at the barrier (reflection principle), at twenty digits: not the formula that the contract uses."""
from mpmath import exp, log, mp, mpf, npdf, quad, sqrt

mp.dps = 22


def case(rng):
    spot = round(rng.choice([1, 100, 5000]) * rng.uniform(0.5, 2), 4)
    vol = round(rng.uniform(0.1, 1.0), 4)
    years = round(rng.uniform(0.02, 3), 6)
    barrier = round(spot * rng.choice([rng.uniform(0.6, 0.98), rng.uniform(1.02, 1.6)]), 4)
    times = rng.choice([0, 0, 12, 252])
    inputs = {
        "public": {"is_put": rng.randrange(2), "barrier": str(barrier), "times": times},
        "secret": {"spot": str(spot), "strike": str(round(spot * rng.uniform(0.6, 1.6), 4)), "years": str(years),
                   "rate": str(round(rng.uniform(-0.02, 0.12), 5)), "vol": str(vol)}}
    # As the machine reads them.
    q = lambda text, bits: mp.nint(mpf(text) * 2**bits) / 2**bits
    s, k = (q(inputs["secret"][x], 32) for x in ("spot", "strike"))
    t, r, v = (q(inputs["secret"][x], 48) for x in ("years", "rate", "vol"))
    level = q(inputs["public"]["barrier"], 32)
    up = level > s
    if times:
        level *= exp((1 if up else -1) * mpf("0.5826") * v * sqrt(t / times))
    w = v * sqrt(t)
    m = (r - v * v / 2) * t
    h = log(level / s)
    image = exp(2 * m * h / (w * w))
    density = lambda x: (npdf((x - m) / w) - image * npdf((x - 2 * h - m) / w)) / w
    payoff = (lambda x: k - s * exp(x)) if inputs["public"]["is_put"] else (lambda x: s * exp(x) - k)
    low, high = (mpf("-inf"), h) if up else (h, mpf("inf"))
    at_strike = log(k / s)
    low, high = (low, min(high, at_strike)) if inputs["public"]["is_put"] else (max(low, at_strike), high)
    # Twelve deviations beyond the drift of either measure.
    low, high = max(low, m - 14 * w - w * w), min(high, m + 14 * w + w * w)
    price = mpf(0)
    if low < high:
        steps = [low + (high - low) * i / 12 for i in range(13)]
        price = exp(-r * t) * quad(lambda x: payoff(x) * density(x), steps)
    one_mu = abs(r / (v * v)) + mpf("0.5")
    images = s * exp(-2 * (r / (v * v) + mpf("0.5")) * log(s / level)) + k * image
    money = s + k + images
    tolerance = 16 * mpf(2) ** -32 + money * mpf(2) ** -44 * (1 + one_mu + 1 / w)
    return inputs, {"price": (str(price), str(tolerance))}

"""The same paths in floating point, from the same digests."""
import math
import statistics
from poseidon2 import compress, hash_words, q, random_digest, squeeze, text

ONE, FRACTION = 1 << 32, 1 << 48
NORMAL = statistics.NormalDist()


def price(source, paths, spot, strike, years, rate, vol):
    kappa, dt = strike / spot, years / 12
    differences = []
    for path in range(paths):
        x, levels, logs = 0.0, [], []
        for g in range(3):
            draw = compress(source, hash_words(path, g))
            for i in range(4):
                u = max(squeeze(draw, i), 1) / FRACTION
                x += (rate - vol * vol / 2) * dt + vol * math.sqrt(dt) * NORMAL.inv_cdf(u)
                levels.append(math.exp(x))
                logs.append(x)
        differences.append(max(statistics.fmean(levels) - kappa, 0) - max(math.exp(statistics.fmean(logs)) - kappa, 0))
    mu = (rate - vol * vol / 2) * years * 13 / 24
    variance = vol * vol * years * 13 * 25 / 864
    w = math.sqrt(variance)
    d2 = (mu - math.log(kappa)) / w
    geometric = math.exp(mu + variance / 2) * NORMAL.cdf(d2 + w) - kappa * NORMAL.cdf(d2)
    scale = spot * math.exp(-rate * years)
    return (scale * (geometric + statistics.fmean(differences)),
            scale * math.sqrt(statistics.variance(differences) / paths))


def committed(seed, paths, spot, strike, years, rate, vol):
    terms = hash_words(q(spot, 32), q(strike, 32), q(years, 48), q(rate, 48), q(vol, 48), paths)
    return text(compress(terms, seed))


def build(rng, paths, *terms):
    seed, beacon = random_digest(rng), random_digest(rng)
    names = ("spot", "strike", "years", "rate", "vol")
    inputs = {"public": {"commitment": committed(seed, paths, *terms), "beacon": text(beacon), "paths": paths},
              "secret": {"seed": text(seed), **dict(zip(names, terms))}}
    return inputs, compress(seed, beacon)


def sample(rng, count):
    return build(rng, count, 100, 105, 1, 0.03, 0.35)[0]


def case(rng):
    spot = rng.choice([100, 2500])
    values = (spot, round(spot * rng.uniform(0.7, 1.4), 2), round(rng.uniform(0.05, 3), 3),
              round(rng.uniform(-0.02, 0.1), 3), round(rng.uniform(0.05, 0.9), 3))
    paths = rng.randrange(2, 9)
    inputs, source = build(rng, paths, *values)
    if rng.random() < 0.05:
        change = rng.choice(["seed", "paths", "spot", "vol"])
        if change == "seed":
            inputs["secret"]["seed"] = text(random_digest(rng))
        elif change == "paths":
            inputs["public"]["paths"] += 1
        else:
            inputs["secret"][change] += 1
        return inputs, "are not those that were committed to"
    value, error = price(source, paths, *values)
    # The variance of nearly equal differences keeps 14 digits of their squares.
    return inputs, {"price": (value, 1e-9 * spot), "error": (error, 1e-6 * spot)}

"""Raw SVI in floating point; surfaces within a hair of a condition are drawn anew."""
import math
from poseidon2 import chain, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48


def svi(k, a, b, rho, m, sigma):
    root = math.hypot(k - m, sigma)
    return a + b * (rho * (k - m) + root), b * (rho + (k - m) / root), b * sigma * sigma / root**3


def butterfly(k, w, w1, w2):
    return (1 - k * w1 / (2 * w)) ** 2 - w1 * w1 / 4 * (1 / w + 0.25) + w2 / 2


def judge(tenors):
    """The condition that fails first and how far the nearest one is from its bound."""
    nearest, before, last = 1.0, [0.0] * 31, 0.0
    for years, a, b, rho, m, sigma in tenors:
        for slack, message in ((years - last, "the tenors do not grow"), (2 - b * (1 + abs(rho)), "steeper than 2"),
                               (a + b * sigma * math.sqrt(1 - rho * rho) - 0.0001, "the least total variance")):
            nearest = min(nearest, abs(slack))
            if slack <= 0:
                return message, nearest
        for i in range(31):
            k = -1.5 + 0.1 * i
            w, w1, w2 = svi(k, a, b, rho, m, sigma)
            g = butterfly(k, w, w1, w2)
            nearest = min(nearest, abs(g - 1e-6), abs(w - before[i] - 1e-12))
            if g <= 1e-6:
                return "a butterfly costs less than nothing", nearest
            if w - before[i] <= 1e-12:
                return "total variance falls from one tenor to the next", nearest
            before[i] = w
        last = years
    return None, nearest


def prices(tenors, spot, rate, strike, years):
    """Call and put, or the trap; and how far the nearest condition is from its bound."""
    k = math.log(strike / spot) - rate * years
    low, before = (0.0, 0.0, 0.0), 0.0
    for t, *p in tenors:
        own = svi(k, *p)
        if t >= years:
            share = (years - before) / (t - before)
            total, slope, bend = (x + (y - x) * share for x, y in zip(low, own))
            break
        low, before = own, t
    else:
        return "the option expires after the last tenor", abs(years - tenors[-1][0])
    g, rise = butterfly(k, total, slope, bend), own[0] - low[0]
    nearest = min(abs(g - 1e-6), abs(rise - 1e-12), abs(years - before))
    if rise <= 1e-12:
        return "total variance falls at the option's strike", nearest
    if g <= 1e-6:
        return "a butterfly at the option's strike costs less than nothing", nearest
    v = math.sqrt(total / years)
    d1 = (math.log(spot / strike) + (rate + v * v / 2) * years) / (v * math.sqrt(years))
    phi = lambda x: math.erfc(-x / math.sqrt(2)) / 2
    call = spot * phi(d1) - strike * math.exp(-rate * years) * phi(d1 - v * math.sqrt(years))
    return {"call": (call, 1e-7 * spot), "put": (call - spot + strike * math.exp(-rate * years), 1e-7 * spot)}, nearest


def build(rng, tenors, spot, rate, strike, years):
    words = [[round(x * FRACTION) for x in t] for t in tenors]
    blind = random_digest(rng)
    names = ("years", "a", "b", "rho", "m", "sigma")
    inputs = {"public": {"surface": text(compress(chain([hash_words(*w) for w in words]), blind)), "spot": spot,
                         "rate": rate, "strike": strike, "years": years},
              "secret": {"blind": text(blind),
                         "tenors": [{n: exact(x, 48) for n, x in zip(names, w)} for w in words]}}
    return inputs


def draw(rng, count):
    tenors, years = [], 0.0
    vol, rho, m, sigma = rng.uniform(0.15, 0.7), rng.uniform(-0.8, 0.3), rng.uniform(-0.1, 0.1), rng.uniform(0.1, 0.5)
    for _ in range(count):
        years += rng.uniform(0.1, 0.7)
        total = vol * vol * years
        b = total * rng.uniform(0.3, 1.1)
        tenors.append((years, total - b * sigma * 0.8, b, rho + rng.uniform(-0.05, 0.05), m, sigma))
    return tenors


def kink(rng):
    """A slice whose smile turns between two points of the grid, and the k of its least g on one side or both."""
    while True:
        tenor = (0.5, rng.uniform(0.0001, 0.002), rng.uniform(0.015, 0.06), rng.uniform(-0.6, 0.6),
                 rng.uniform(0.03, 0.07), rng.uniform(0.006, 0.01))
        if judge([tenor])[0] is None:
            near = [tenor[4] + rng.uniform(-0.04, 0.04) for _ in range(20)]
            return tenor, min(near, key=lambda k: butterfly(k, *svi(k, *tenor[1:])))


def sample(rng, count):
    while True:
        tenors = draw(rng, count)
        if judge(tenors)[0] is None:
            return build(rng, tenors, 100, 0.03, 110, round(tenors[-1][0] * 0.6, 3))


def case(rng):
    tenors = draw(rng, rng.randrange(1, 5))
    if rng.random() < 0.1:
        rng.shuffle(tenors)
    elif rng.random() < 0.2:
        # A smile too sharp for its depth, or nearly so.
        i = rng.randrange(len(tenors))
        years, a, b, rho, m, sigma = tenors[i]
        b = min(b * rng.uniform(1, 6), 1.0)
        tenors[i] = (years, a * rng.uniform(0.2, 1), b, rho, rng.uniform(-0.5, 0.5), rng.uniform(0.02, 0.5))
    sharp = rng.random() < 0.15
    if sharp:
        tenor, k = kink(rng)
        tenors = [tenor]
    wrong, nearest = judge(tenors)
    if nearest < 1e-8:
        return case(rng)
    spot, rate = rng.choice([100, 3000]), round(rng.uniform(-0.01, 0.08), 3)
    strike, years = round(spot * rng.uniform(0.6, 1.6), 2), round(rng.uniform(0.01, tenors[-1][0] * 1.05), 4)
    if sharp:
        years = 0.5
        strike = round(spot * math.exp(k + rate * years), 2)
    inputs = build(rng, tenors, spot, rate, strike, years)
    if wrong:
        return inputs, wrong
    if rng.random() < 0.05:
        inputs["secret"]["blind"] = text(random_digest(rng))
        return inputs, "the surface is not the one that was committed to"
    found, nearest = prices(tenors, spot, rate, strike, years)
    return (inputs, found) if nearest > (1e-6 if sharp else 1e-8) else case(rng)

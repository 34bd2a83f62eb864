"""Cboe's method in floating point, with the selection of options from the center outwards."""
import math
from poseidon2 import attach

QUOTE = {"time": 0, "expiry": 0, "strike": 32, "call_bid": 32, "call_ask": 32, "put_bid": 32, "put_ask": 32}


def variance(quotes, minutes, rate):
    mid = lambda bid, ask: (bid + ask) / 2
    rows = [(k, mid(cb, ca), mid(pb, pa), cb, pb) for k, cb, ca, pb, pa in quotes]
    priced = [row for row in rows if row[3] > 0 and row[4] > 0]
    if not priced:
        return None
    at = min(priced, key=lambda row: (abs(row[1] - row[2]), row[0]))
    growth = math.exp(rate * minutes / 525600)
    forward = at[0] + growth * (at[1] - at[2])
    below = [row for row in rows if row[0] <= forward]
    if not below:
        return None
    center = below[-1][0]
    chosen = [(center, (below[-1][1] + below[-1][2]) / 2)]
    for side, price, bid in (([r for r in reversed(rows) if r[0] < center], 2, 4), ([r for r in rows if r[0] > center], 1, 3)):
        empty = 0
        for row in side:
            empty = empty + 1 if row[bid] == 0 else 0
            if empty == 2:
                break
            if not empty:
                chosen.append((row[0], row[price]))
    chosen.sort()
    if len(chosen) < 2:
        return None
    total = 0
    for i, (strike, price) in enumerate(chosen):
        left, right = chosen[max(i - 1, 0)][0], chosen[min(i + 1, len(chosen) - 1)][0]
        width = right - left if i in (0, len(chosen) - 1) else (right - left) / 2
        total += width / strike**2 * price
    return 2 * growth * total - (forward / center - 1) ** 2, at, center, forward


def term_trap(near, following):
    """What is wrong with these minutes to the two expiries."""
    if near <= 23 * 1440:
        return "the near term is not more than 23 days away"
    if near > 30 * 1440:
        return "the near term is more than 30 days away"
    if following <= 30 * 1440:
        return "the next term is not more than 30 days away"
    if following >= 37 * 1440:
        return "the next term is not less than 37 days away"
    return None


def rule(rng):
    spot = rng.choice([50, 400, 4000])
    near = rng.choice([rng.randrange(33121, 43201), 33121, 43200])
    following = rng.choice([rng.randrange(43201, 53280), 43201, 53279])
    now = rng.randrange(26_000_000, 32_000_000)
    terms, public = [], {"time": now, "near_expiry": now + near, "next_expiry": now + following}
    phi = lambda x: math.erfc(-x / math.sqrt(2)) / 2
    for name, minutes in (("near", near), ("next", following)):
        rate = round(rng.uniform(0, 0.06), 5)
        public[f"{name}_rate"] = rate
        vol, t = rng.uniform(0.1, 0.6), minutes / 525600
        strikes = sorted({round(spot * rng.uniform(0.5, 1.6)) for _ in range(rng.randrange(4, 24))})
        quotes = []
        for k in strikes:
            d1 = (math.log(spot / k) + (rate + vol * vol / 2) * t) / (vol * math.sqrt(t))
            call = spot * phi(d1) - k * math.exp(-rate * t) * phi(d1 - vol * math.sqrt(t))
            put = call - spot + k * math.exp(-rate * t)
            row = [k]
            for value in (call, put):
                # Ticks of a power of two, so that mids are exact.
                bid = max(math.floor(64 * value) - rng.randrange(0, 5), 0) if rng.random() < 0.75 else 0
                row += [bid / 64, (bid + rng.randrange(1, 9)) / 64]
            # A listed strike that nobody quotes.
            quotes.append(tuple(row) if rng.random() < 0.95 else (k, 0, 0, 0, 0))
        terms.append((name, minutes, rate, quotes))
    secret, totals, error = {"quotes": []}, [], 0
    for name, minutes, rate, quotes in terms:
        found = variance(quotes, minutes, rate)
        if found is None or abs(found[3] - found[2]) < 1e-6 or any(abs(k - found[3]) < 1e-6 for k, *_ in quotes):
            return rule(rng)
        total, at, center, forward = found
        totals.append(total)
        secret.update({f"{name}_at": at[0], f"{name}_call": at[1], f"{name}_put": at[2], f"{name}_center": center})
        for k, cb, ca, pb, pa in quotes:
            secret["quotes"].append({"time": now, "expiry": now + minutes, "strike": k, "call_bid": cb, "call_ask": ca, "put_bid": pb, "put_ask": pa})
    mixed = (totals[0] * (following - 43200) + totals[1] * (43200 - near)) / (following - near)
    inputs = {"public": public, "secret": secret}
    if mixed <= 1e-6:
        return rule(rng)
    index = 100 * math.sqrt(mixed * 525600 / 43200)
    fault = rng.randrange(16)
    if fault == 0:
        secret["near_center"] = secret["near_center"] + 1000000
        return inputs, "the center is above the forward"
    if fault == 1 and len({q["strike"] for q in secret["quotes"] if q["expiry"] == now + following and q["strike"] < secret["next_center"]}):
        secret["next_center"] = min(q["strike"] for q in secret["quotes"] if q["expiry"] == now + following)
        return inputs, "a strike lies between the center and the forward"
    if fault == 2:
        shift = rng.choice([-20000, -3000, -100, -1, 1, 100, 3000, 20000])
        public["time"] = now + shift
        return inputs, term_trap(near - shift, following - shift) or "a quote is of another time"
    if fault == 3:
        expiry = rng.choice(["near_expiry", "next_expiry"])
        public[expiry] += rng.choice([-8000, -1, 1, 8000])
        broken = term_trap(public["near_expiry"] - now, public["next_expiry"] - now)
        return inputs, broken or "the quotes are not those of the near term and then those of the next one"
    if fault == 4:
        quote = rng.choice(secret["quotes"])
        quote["call_ask"] = quote["call_bid"] - 1 / 64
        return inputs, "an ask is below its bid"
    # The total variance is right to some units of 2^-48 an option.
    return inputs, {"index": (index, 1e-8 + 2e-10 / index + 1e-9 * index), "quote_count": (len(secret["quotes"]), 0)}


def case(rng):
    inputs, expected = rule(rng)
    return attach(rng, inputs, expected, "quotes_seal", "venue_blind", inputs["secret"]["quotes"], QUOTE)

"""An index of other terms, of another time or of other quotes than the venue's, and the choices of its rule."""
import copy
import math

from poseidon2 import random_digest, seal, text

SEALED = "the records are not those that were committed to"
DAY = 1440


def quotes_of(spot, strikes, minutes, vol=0.2, tick=64):
    """Black–Scholes without rates, bids and asks around it in ticks."""
    t, rows = minutes / 525600, []
    for k in strikes:
        d1 = (math.log(spot / k) + vol * vol / 2 * t) / (vol * math.sqrt(t))
        call = spot * math.erfc(-d1 / math.sqrt(2)) / 2 - k * math.erfc(-(d1 - vol * math.sqrt(t)) / math.sqrt(2)) / 2
        row = [k]
        for value in (call, call - spot + k):
            bid = max(math.floor(tick * value), 0)
            row += [bid / tick, (bid + 2) / tick]
        rows.append(tuple(row))
    return rows


def attempt(bench):
    rule = bench.reference
    now = 29_570_610
    strikes = list(range(80, 125, 5))

    def built(near=25 * DAY, following=32 * DAY, tables=None, stamp=None, named=None):
        """Sealed by the venue, with the strikes that the rule asks for unless `named` says others."""
        tables = tables or [quotes_of(101, strikes, 25 * DAY), quotes_of(101, strikes, 32 * DAY)]
        records, secret = [], {}
        for name, minutes, rows in zip(("near", "next"), (near, following), tables):
            _, at, center, _ = rule.variance(rows, minutes, 0) or (0, (rows[0][0], 0.5, 0.5), rows[0][0], 0)
            secret.update({f"{name}_at": at[0], f"{name}_call": at[1], f"{name}_put": at[2], f"{name}_center": center})
            records += [{"time": stamp or now, "expiry": now + minutes, "strike": k, "call_bid": cb, "call_ask": ca,
                         "put_bid": pb, "put_ask": pa} for k, cb, ca, pb, pa in rows]
        blind = random_digest(bench.rng)
        secret.update(named or {}, quotes=records, venue_blind=text(blind))
        public = {"time": now, "near_expiry": now + near, "next_expiry": now + following, "near_rate": 0, "next_rate": 0,
                  "quotes_seal": seal(records, rule.QUOTE, blind)}
        return {"public": public, "secret": secret}

    honest = built()
    index = float(bench.accept("honest", honest)["index"])
    bench.expect("the index is the volatility, about", abs(index - 20) < 1.5, str(index))

    # Terms: more than 23 days, at most thirty, more than thirty, fewer than 37.
    early, late = "the near term is not more than 23 days away", "the near term is more than 30 days away"
    short, long = "the next term is not more than 30 days away", "the next term is not less than 37 days away"
    for near, following, trap in (
            (69 * DAY, 76 * DAY, late), (69 * DAY, 365 * DAY, late), (1, 32 * DAY, early), (0, 32 * DAY, early), (-5 * DAY, 32 * DAY, early),
            (23 * DAY, 32 * DAY, early), (30 * DAY + 1, 32 * DAY, late), (32 * DAY, 25 * DAY, late), (25 * DAY, 25 * DAY, short),
            (25 * DAY, 30 * DAY, short), (25 * DAY, 28 * DAY, short), (25 * DAY, 37 * DAY, long), (25 * DAY, 365 * DAY, long),
            (31 * DAY, 36 * DAY, late), (25 * DAY, -32 * DAY, short)):
        tables = [quotes_of(101, strikes, max(abs(m), 25 * DAY)) for m in (near, following)]
        bench.refuse(f"terms of {near} and {following} minutes", built(near, following, tables), trap)
    for near, following in ((23 * DAY + 1, 37 * DAY - 1), (30 * DAY, 30 * DAY + 1)):
        bench.accept(f"terms of {near} and {following} minutes", built(near, following))

    def changed(**values):
        other = copy.deepcopy(honest)
        for name, value in values.items():
            other["public" if name in other["public"] else "secret"][name] = value
        return other

    def rows(change, inputs=honest):
        other = copy.deepcopy(inputs)
        other["secret"]["quotes"] = change(other["secret"]["quotes"])
        return other

    # The minutes of the terms and of the snapshot are those of the quotes.
    terms = "the quotes are not those of the near term and then those of the next one"
    bench.refuse("quotes of 69 days called 25", rows(lambda r: built(69 * DAY, 76 * DAY)["secret"]["quotes"]), terms)
    bench.refuse("another near expiry", changed(near_expiry=now + 26 * DAY), terms)
    bench.refuse("another next expiry", changed(next_expiry=now + 33 * DAY), terms)
    bench.refuse("quotes of five minutes ago", built(stamp=now - 5), "a quote is of another time")
    bench.refuse("quotes of tomorrow", built(stamp=now + DAY), "a quote is of another time")
    bench.refuse("yesterday's quotes as today's", changed(time=now + DAY), "a quote is of another time")
    bench.refuse("everything a week later", changed(time=now + 7 * DAY, near_expiry=now + 32 * DAY, next_expiry=now + 39 * DAY),
                 "a quote is of another time")

    # Other quotes.
    bench.refuse("the highest call left out", rows(lambda r: r[:-1]), SEALED)
    bench.refuse("the lowest put left out", rows(lambda r: r[1:]), SEALED)
    bench.refuse("a quote twice", rows(lambda r: [r[0], *r]), "the strikes do not rise")
    bench.refuse("two quotes exchanged", rows(lambda r: [r[1], r[0], *r[2:]]), "the strikes do not rise")
    bench.refuse("the terms exchanged", rows(lambda r: r[9:] + r[:9]), "the quotes have no strike with the prices")
    bench.refuse("one term", rows(lambda r: r[:9]), "there are no quotes of the next term")
    bench.refuse("no quotes", rows(lambda r: []), "there are no quotes")
    bench.refuse("a third term", rows(lambda r: [*r, {**r[-1], "expiry": now + 36 * DAY}]), terms)
    bench.refuse("a bid of an ulp more", rows(lambda r: [{**r[0], "call_bid": r[0]["call_bid"] + 2**-32}, *r[1:]]), SEALED)
    bench.refuse("another seal", changed(quotes_seal=text(random_digest(bench.rng))), SEALED)
    for field, value, trap in (("put_bid", -1, "a bid is negative"), ("call_bid", -1, "a bid is negative"),
                               ("put_ask", -1, "an ask is below its bid"), ("call_ask", 1, "an ask is below its bid")):
        tables = [quotes_of(101, strikes, 25 * DAY), quotes_of(101, strikes, 32 * DAY)]
        place = 1 + ("call_bid", "call_ask", "put_bid", "put_ask").index(field)
        tables[0][3] = tuple(value if i == place else x for i, x in enumerate(tables[0][3]))
        bench.refuse(f"a {field} of {value}, sealed", built(tables=tables), trap)

    # Strikes that the rule does not choose. At 102.5 the strikes 100 and 105 differ alike: the lower one is it.
    missing = "the quotes have no strike with the prices"
    bench.refuse("a strike with another's prices", changed(near_at=95, near_center=95), missing)
    bench.refuse("prices that no quote has", changed(near_call=5, near_put=5), missing)
    _, k, call, put = min((abs(k - 101), k, (cb + ca) / 2, (pb + pa) / 2)
                          for k, cb, ca, pb, pa in quotes_of(101, strikes, 25 * DAY) if k > 101)
    bench.refuse("another strike", changed(near_at=k, near_call=call, near_put=put), "another strike has a lesser difference")
    bench.refuse("a lower center", changed(near_center=95), "a strike lies between the center and the forward")
    bench.refuse("a higher center", changed(near_center=105), "the center is above the forward")
    bench.refuse("a center between the strikes", changed(near_center=100.5), "the center is not a strike of the quotes")
    bench.refuse("next prices that no quote has", changed(next_call=5, next_put=5, next_at=101), missing)
    bench.refuse("a next center between the strikes", changed(next_center=100.5), "the center is not a strike of the quotes")
    even = quotes_of(102.5, strikes, 25 * DAY)
    mids = {k: ((cb + ca) / 2, (pb + pa) / 2) for k, cb, ca, pb, pa in even}
    even = [(k, cb, ca, pb, pa) if k != 105 else (k, cb, ca, cb + 2.5, ca + 2.5) for k, cb, ca, pb, pa in
            [(k, cb, ca, cb - 2.5, ca - 2.5) if k == 100 else (k, cb, ca, pb, pa) for k, cb, ca, pb, pa in even]]
    tables = [even, quotes_of(101, strikes, 32 * DAY)]
    bench.accept("of two equal strikes the lower", built(tables=tables))
    bench.refuse("of two equal strikes the higher",
                 built(tables=tables, named={"near_at": 105, "near_call": mids[105][0], "near_put": mids[105][0] + 2.5}),
                 "or a lower one the same")

    # Nothing to make an index of.
    flat = [(k, 0, 1, 0, 1) for k in strikes]
    bench.refuse("no bids", built(tables=[flat, flat]), missing)
    full = [quotes_of(101, strikes, m * DAY) for m in (25, 32)]
    bench.refuse("no bids in the near term", built(tables=[flat, full[1]]), missing)
    bench.refuse("no bids in the next term", built(tables=[full[0], flat]), missing)
    single = [(k, 1, 2, 1, 2) if k == 100 else (k, 0, 1, 0, 1) for k in strikes]
    for place, name in enumerate(("near", "next")):
        tables = [single if i == place else x for i, x in enumerate(full)]
        named = {f"{name}_at": 100, f"{name}_call": 1.5, f"{name}_put": 1.5, f"{name}_center": 100}
        bench.refuse(f"bids at one strike of the {name} term", built(tables=tables, named=named),
                     "a term uses fewer than two options")

    # A strike without both bids has no difference that could be the least one.
    for k in strikes:
        if k in (100, 105):
            continue
        for what, bare in (("without quotes", (k, 0, 0, 0, 0)), ("without bids", (k, 0, 1, 0, 1)),
                           ("without a call's bid", (k, 0, 1, 0.5, 0.5)), ("without a put's bid", (k, 0.5, 0.5, 0, 1))):
            tables = [[bare if row[0] == k else row for row in x] for x in full]
            outputs = bench.accept(f"strike {k} {what}", built(tables=tables))
            totals = [rule.variance(x, m * DAY, 0)[0] for x, m in zip(tables, (25, 32))]
            expected = 100 * math.sqrt((totals[0] * 2 + totals[1] * 5) / 7 * 365 / 30)
            bench.expect(f"strike {k} {what} makes no forward",
                         abs(float(outputs.get("index", 0)) - expected) < 1e-6, f"{outputs}, expected {expected}")
            middle = (bare[1] + bare[2]) / 2
            named = {f"{name}_{part}": value for name in ("near", "next")
                     for part, value in (("at", k), ("call", middle), ("put", (bare[3] + bare[4]) / 2), ("center", k))}
            bench.refuse(f"the forward from strike {k} {what}", built(tables=tables, named=named), missing)
    # Real sizes: a coin, an index in won, a token below a cent.
    for scale in (1600, 5_000_000, 0.0001):
        tables = [quotes_of(101 * scale, [k * scale for k in strikes], m * DAY, tick=2**20 if scale < 1 else 64)
                  for m in (25, 32)]
        tables = [[tuple(round(x * 2**32) / 2**32 for x in row) for row in rows_] for rows_ in tables]
        bench.accept(f"spot {101 * scale}", built(tables=tables))

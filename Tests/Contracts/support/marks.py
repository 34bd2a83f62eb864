"""A venue's table of marks and positions in what it lists, for the contracts that use lib/marks.zkasm."""
from poseidon2 import attach, chain, hash_words, q, random_digest, text

TODAY = 20_000


def digest(marks):
    return text(chain([hash_words(q(m["strike"], 32), m["expiry"], q(m["vol"], 48)) for m in marks]))


def table(rng, strikes, days, vols, count):
    """Options of these strikes and days to expiry, with volatilities between the two."""
    listed = {(TODAY + rng.choice(days), rng.choice(strikes)) for _ in range(count)}
    return [{"strike": strike, "expiry": expiry, "vol": round(rng.uniform(*vols), 3)} for expiry, strike in sorted(listed)]


def hold(rng, marks, quantity, more=lambda: {}):
    """A position in one of them, and its mark."""
    row = rng.randrange(len(marks))
    mark = marks[row]
    return {"quantity": quantity, **more(), "strike": mark["strike"], "expiry": mark["expiry"], "mark": row}, mark


def publish(rng, inputs, marks, seal_name, blind_name, fields):
    """Adds today, the table and the positions' seal."""
    inputs["public"].update(today=TODAY, marks_chain=digest(marks))
    inputs["secret"]["marks"] = marks
    return attach(rng, inputs, "", seal_name, blind_name, inputs["secret"]["positions"], fields)[0]


def spoil(rng, inputs, expected):
    """Gives a few good cases another seal, table or mark."""
    secret, wrong = inputs["secret"], rng.random()
    marks, positions = secret["marks"], secret["positions"]
    if isinstance(expected, str):
        return inputs, expected
    if wrong < 0.03:
        name = next(x for x in ("portfolio_blind", "pool_blind", "book_blind") if x in secret)
        secret[name] = text(random_digest(rng))
        return inputs, "the records are not those that were committed to"
    if wrong < 0.06:
        secret["marks"] = [*marks[:-1], {**marks[-1], "vol": round(marks[-1]["vol"] + 0.001, 3)}]
        return inputs, "the marks are not the published ones"
    if wrong < 0.09 and positions and len(marks) > 1:
        positions[0] = {**positions[0], "mark": (positions[0]["mark"] + 1) % len(marks)}
        return inputs, "an option is valued at another option's mark"
    if wrong < 0.11 and positions:
        positions[0] = {**positions[0], "mark": len(marks)}
        return inputs, "there is no such mark"
    return inputs, expected

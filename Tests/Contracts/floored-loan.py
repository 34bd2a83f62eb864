"""Interest by exact fractions."""
import math
from fractions import Fraction


def case(rng):
    unit = 2**32
    rates = {x: round(rng.uniform(-0.02, 0.1), 5) for x in ("fixing", "spread", "floor")}
    days = rng.randrange(1, 367)
    drawn = round(rng.uniform(0, 9_000_000), 2)
    read = lambda x, bits: Fraction(round(Fraction(str(x)) * 2**bits), 2**bits)
    rate = max(read(rates["fixing"], 48) + read(rates["spread"], 48), read(rates["floor"], 48))
    due = Fraction(math.ceil(Fraction(math.ceil(rate * days * read(drawn, 32) * unit), unit) / 360 * unit), unit)
    paid = round(float(due) + rng.choice([-1, 1]) * rng.uniform(0.01, 5), 2)
    inputs = {
        "public": {"fixing": rates["fixing"], "days": days},
        "secret": {"drawn": drawn, "spread": rates["spread"], "floor": rates["floor"], "paid": paid}}
    return inputs, {"settled": (1, 0)} if read(paid, 32) >= due else "less was paid than is due"

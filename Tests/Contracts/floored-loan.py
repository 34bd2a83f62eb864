"""Interest by exact fractions; the two commitments by their own implementation of the digests."""
import math
from fractions import Fraction
from poseidon2 import compress, hash_words, q, random_digest, text


def agree(loan, drawn, spread, floor, blind):
    return text(compress(hash_words(loan, q(drawn, 32), q(spread, 48), q(floor, 48)), blind))


def receive(loan, due, paid, blind):
    return text(compress(hash_words(loan, due, q(paid, 32)), blind))


def inputs_of(rng, fixing, days, due, loan, drawn, spread, floor, paid):
    """What lender, bank and borrower know, with the commitments that they made."""
    first, second = random_digest(rng), random_digest(rng)
    return {
        "public": {"fixing": fixing, "days": days, "due": due, "agreement": agree(loan, drawn, spread, floor, first),
                   "receipt": receive(loan, due, paid, second)},
        "secret": {"loan": loan, "drawn": drawn, "spread": spread, "floor": floor, "agreement_blind": text(first),
                   "paid": paid, "receipt_blind": text(second)}}


def interest(fixing, days, drawn, spread, floor):
    """By the contract's roundings: up to 2^-16 over a year's days, and up to 2^-32."""
    rate = Fraction(max(q(fixing, 48) + q(spread, 48), q(floor, 48)), 2**48)
    year = Fraction(math.ceil(rate * days * q(drawn, 32) / 2**32 * 2**16), 2**16)
    return Fraction(math.ceil(year / 360 * 2**32), 2**32)


def case(rng):
    fixing, spread, floor = (round(rng.uniform(-0.02, 0.1), 5) for _ in range(3))
    days, drawn = rng.randrange(1, 367), round(rng.choice([9e6, 1e9]) * rng.random(), 2)
    owed = interest(fixing, days, drawn, spread, floor)
    paid = round(float(owed) + rng.choice([-1, 1]) * rng.uniform(0.01, 5), 2)
    inputs = inputs_of(rng, fixing, days, 20260930, rng.randrange(10**6), drawn, spread, floor, paid)
    secret, wrong = inputs["secret"], rng.random()
    if wrong < 0.03:
        secret["drawn"] = round(drawn / 2, 2)
        return inputs, "these are not the terms that were agreed on"
    if wrong < 0.06:
        secret["paid"] = round(paid + 1000, 2)
        return inputs, "this is not the payment that the bank received"
    return inputs, {"settled": (1, 0)} if Fraction(q(paid, 32), 2**32) >= owed else "less was paid than is due"

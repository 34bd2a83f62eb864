"""Two perpetual accounts, in whole micro-dollars and lots and with exact fractions."""
from fractions import Fraction
from math import ceil, floor
from poseidon2 import compress, hash_words, random_digest, text

NEXT = hash_words(1)
MONEY, LOTS = 2**60, 2**29


class Refused(Exception):
    pass


class Account:
    def __init__(self, number, collateral, size, index, blind):
        self.number, self.collateral, self.size, self.index, self.blind = number, collateral, size, index, blind

    def digest(self, asset):
        return compress(hash_words(asset, self.number, self.collateral, self.size, self.index), self.blind)

    def funded(self, index):
        return Account(self.number, self.collateral - self.size * (index - self.index), self.size, index, self.blind)

    def moved(self, money, lots):
        return Account(self.number, self.collateral + money, self.size + lots, self.index, compress(self.blind, NEXT))


def worth(account, terms):
    value = account.collateral + account.size * terms["price"]
    return value, terms["maintenance"] * abs(account.size) * terms["price"]


def status(account, terms):
    value, required = worth(account, terms)
    return 2 if value < 0 else 1 if value < required else 0


def demand(holds, message):
    if not holds:
        raise Refused(message)


def check_valid_transition(before, after, terms):
    """StarkEx's, clause by clause."""
    value, required = worth(before, terms)
    new_value, new_required = worth(after, terms)
    if new_value >= new_required:
        return
    demand(abs(after.size) <= abs(before.size), "an unhealthy position may not grow")
    demand(before.size * after.size >= 0, "an unhealthy position may not turn")
    demand(new_value * required >= value * new_required, "the update worsens value over requirement")
    if required == 0:
        demand(new_value >= value, "a flat account's debt may not grow")


def liquidation_price(account, terms):
    if account.size == 0:
        return Fraction(0)
    part = 1 - terms["maintenance"] if account.size > 0 else 1 + terms["maintenance"]
    return max(Fraction(0), Fraction(-account.collateral) / (account.size * part))


def update(terms, account, counterparty, fees, bought):
    """The status before and after and the three accounts after, or Refused."""
    account, counterparty = account.funded(terms["index"]), counterparty.funded(terms["index"])
    fees = fees.funded(terms["index"])
    price, paid = terms["price"], terms["trade_price"]
    state = status(account, terms)
    demand(state >= terms["kind"], "the account's status does not allow this")
    demand(bought != 0, "nothing is traded")
    if terms["kind"] > 0:
        sign = -1 if account.size < 0 else 1
        left = sign * (account.size + bought)
        demand(left >= 0, "a liquidation or deleverage may not turn the position")
        demand(left < abs(account.size), "a liquidation or deleverage must make the position smaller")
    charges = [0, 0]
    if terms["kind"] == 2:
        demand(paid == 0, "a deleverage has no price of its own: trade_price is 0")
        demand(counterparty.size * bought > 0 and abs(counterparty.size) >= abs(bought),
               "the counterparty of a deleverage has no position to match")
        share = Fraction(abs(account.size + bought), abs(account.size))
        cost = account.collateral - ceil(account.collateral * share)
    else:
        if terms["kind"] == 1:
            demand((paid - price) * bought <= 0, "a liquidation's price is worse for its owner than the oracle's")
        demand(paid > 0, "a price is not positive")
        cost = bought * paid
        charges = [ceil(abs(cost) * rate) for rate in terms["rates"]]
    after = account.moved(-cost - charges[0], bought)
    other = counterparty.moved(cost - charges[1], -bought)
    collected = fees.moved(sum(charges), 0)
    assert after.collateral + other.collateral + collected.collateral == \
        account.collateral + counterparty.collateral + fees.collateral
    check_valid_transition(account, after, terms)
    check_valid_transition(counterparty, other, terms)
    return state, status(after, terms), after, other, collected, liquidation_price(account, terms)


def decimal(fraction):
    """A fraction with a power of two below as an exact decimal."""
    digits = fraction.denominator.bit_length() - 1
    number = str(abs(fraction.numerator) * 5**digits).rjust(digits + 1, "0")
    return "-" * (fraction < 0) + (number if digits == 0 else f"{number[:-digits]}.{number[-digits:]}")


def render(asset, terms, account, counterparty, fees, bought):
    """The inputs as the machine reads them."""
    public = {"asset": asset, "kind": terms["kind"], "price": terms["price"], "trade_price": terms["trade_price"],
              "maintenance": decimal(terms["maintenance"]), "fee_rate": decimal(terms["rates"][0]),
              "counterparty_fee_rate": decimal(terms["rates"][1]), "funding_index": terms["index"],
              "account_before": text(account.digest(asset)),
              "counterparty_before": text(counterparty.digest(asset)), "fees_before": text(fees.digest(asset))}
    secret = {"bought": bought}
    for prefix, who in (("", account), ("counterparty_", counterparty), ("fees_", fees)):
        secret |= {prefix + "number": who.number, prefix + "collateral": who.collateral, prefix + "size": who.size,
                   prefix + "index": who.index, prefix + "blind": text(who.blind)}
    del secret["fees_size"]
    return {"public": public, "secret": secret}


def judged(asset, terms, account, counterparty, fees, bought):
    """Inputs and what must come out."""
    inputs = render(asset, terms, account, counterparty, fees, bought)
    try:
        state, new_state, after, other, collected, at = update(terms, account, counterparty, fees, bought)
    except Refused as refused:
        return inputs, str(refused)
    # The divisor of the liquidation price is a multiple of 2^-32.
    least = abs(account.size) * (1 - terms["maintenance"]) or 1
    tolerance = 1 + at / least / 2**32 * 2
    return inputs, {"status": (state, 0), "new_status": (new_state, 0), "liquidation_price": (str(at), str(tolerance)),
                    "account_after": (text(after.digest(asset)), 0),
                    "counterparty_after": (text(other.digest(asset)), 0),
                    "fees_after": (text(collected.digest(asset)), 0)}


def rates(rng, choices, bits):
    return Fraction(rng.choice(choices), 2**bits)


def draw(rng):
    kind = rng.choice([0, 0, 1, 1, 2])
    # Prices from a fraction of a dollar to a thousand dollars a lot, sizes from a lot to 10^8.
    price = rng.choice([1, 7, 2000, 10**7, rng.randrange(1, 10**9)])
    largest = min(10**8, 2**55 // price)
    size = rng.choice([-1, 1]) * rng.choice([1, rng.randrange(1, 12), rng.randrange(1, largest)])
    maintenance = rates(rng, [1, 13, 26, 51, 128], 8)
    terms = {"kind": kind, "price": price, "trade_price": price, "maintenance": maintenance,
             "rates": [rates(rng, [0, 0, 1, 3, 1000], 16), rates(rng, [0, 0, 1, 3, 1000], 16)],
             "index": rng.randrange(-2000, 2000)}
    worst = Fraction(1) if kind == 0 else Fraction(0) if kind == 2 else Fraction(rng.randrange(0, 17), 16)
    health = worst + Fraction(rng.randrange(-24 if kind == 2 else -8, 40 if kind == 0 else 4), 16)
    value = floor(health * maintenance * abs(size) * price) + rng.choice([-1, 0, 0, 1])
    account = Account(rng.randrange(3, 99), 0, size, terms["index"] + rng.choice([0, rng.randrange(-9, 10)]),
                      random_digest(rng))
    if rng.random() < 0.07:
        account.size = size = 0
        value = rng.choice([-100, 0, rng.randrange(largest * price)])
    account.collateral = value - size * price + size * (terms["index"] - account.index)
    bought = -size if rng.random() < 0.2 else -floor(size * Fraction(rng.randrange(1, 17), 16))
    if kind == 0:
        bought = rng.choice([bought, rng.randrange(-largest, largest + 1), 1, -1])
        terms["trade_price"] = max(0, price + rng.choice([0, rng.randrange(-price, price + 1) // 50]))
    elif kind == 1:
        better = -1 if bought > 0 else 1
        terms["trade_price"] = price + better * rng.choice([0, 0, price // 100, -1])
    else:
        terms["trade_price"] = rng.choice([0] * 9 + [price])
    if rng.random() < 0.05:
        bought = rng.choice([0, -bought, -2 * size])
    opposite = bought if kind == 2 else rng.choice([bought, -bought, 0, bought // 2])
    counterparty = Account(account.number + 1, 0, opposite + (rng.randrange(0, 9) - 2) * (1 if opposite > 0 else -1),
                           terms["index"] + rng.choice([0, rng.randrange(-9, 10)]), random_digest(rng))
    counterparty.collateral = (-counterparty.size * price + abs(counterparty.size - bought) * price
                               + rng.choice([0, 2**57, 2**57, 2**57]))
    fees = Account(rng.randrange(3), rng.randrange(10**12), 0, terms["index"] - rng.randrange(9), random_digest(rng))
    return terms, account, counterparty, fees, bought


def case(rng):
    asset = rng.randrange(100)
    terms, account, counterparty, fees, bought = draw(rng)
    inputs, expected = judged(asset, terms, account, counterparty, fees, bought)
    spoilt = rng.random()
    if spoilt < 0.03:
        inputs["secret"]["collateral"] += 1
        return inputs, "the account is not the one that was committed to"
    if spoilt < 0.06:
        inputs["secret"]["counterparty_size"] += 1
        return inputs, "the counterparty is not the one that was committed to"
    if spoilt < 0.09:
        inputs["public"]["fees_before"] = text(random_digest(rng))
        return inputs, "the fees' account is not the one that was committed to"
    return inputs, expected

"""A perpetual account by exact fractions of the machine's words."""
from fractions import Fraction
from poseidon2 import compress, hash_words, q, random_digest, text as digest_text

ULP = Fraction(1, 2**32)


def rule(rng):
    def amount(scale):
        return Fraction(rng.randrange(-scale * 256, scale * 256 + 1), 256)

    price = Fraction(rng.randrange(1, 4096 * 256), 256)
    maintenance = Fraction(rng.choice([0, 1, 13, 51, 128, 255]), 256 * rng.choice([1, 2, 8]))
    size = amount(100) if rng.random() < 0.95 else Fraction(0)
    # Near the requirement, where the status turns.
    collateral = -size * price + maintenance * abs(size) * price * Fraction(rng.randrange(-64, 160), 64)
    if rng.random() < 0.2:
        collateral += amount(50)
    new_size = size * Fraction(rng.randrange(-2, 20), 16) if rng.random() < 0.9 else amount(100)
    # Sold at the price, with some fee or gain.
    new_collateral = collateral + (size - new_size) * price + Fraction(rng.randrange(-64, 64), 16)
    kind = rng.choice([0, 0, 1, 1, 2])
    # Everything as the machine reads it.
    q32 = lambda x: Fraction(round(x * 2**32), 2**32)
    collateral, new_collateral, size, new_size = map(q32, (collateral, new_collateral, size, new_size))

    def status(collateral, size):
        value = collateral + size * price
        required = maintenance * abs(size) * price
        return value, required, (value < required or value < 0) + (value < 0)

    value, required, state = status(collateral, size)
    new_value, new_required, new_state = status(new_collateral, new_size)
    if any(abs(d) < 4 * ULP and d != 0 for d in (value - required, value, new_value - new_required, new_value)):
        return rule(rng)
    text = lambda x: str(x.numerator) if x.denominator == 1 else decimal(x)
    inputs = {
        "public": {"price": text(price), "maintenance": text(maintenance), "kind": kind},
        "secret": {"collateral": text(collateral), "size": text(size), "new_collateral": text(new_collateral),
                   "new_size": text(new_size)}}
    if state < kind:
        return inputs, "the account's status does not allow this"
    if new_state > 0:
        sign = -1 if size < 0 else 1
        if sign * new_size < 0:
            return inputs, "an unhealthy account's position may not turn"
        if abs(new_size) > abs(size):
            return inputs, "an unhealthy account's position may not grow"
        # TV'/TR' ≥ TV/TR, multiplied out; positions of 0 have TR 0.
        gain = new_value * abs(size) - value * abs(new_size)
        if abs(gain) < 4 * ULP and gain != 0:
            return rule(rng)
        if gain < 0:
            return inputs, "the update worsens value over requirement"
    liquidation = Fraction(0)
    tolerance = ULP
    if size != 0:
        divisor = size * (1 - maintenance) if size > 0 else size * (1 + maintenance)
        liquidation = max(Fraction(0), -collateral / divisor)
        # The divisor is rounded once, the quotient once.
        tolerance = ULP + liquidation * 2 * ULP / abs(divisor)
    return inputs, {
        "status": (state, 0), "new_status": (new_state, 0),
        "liquidation_price": (str(liquidation), str(tolerance))}


def decimal(x):
    """A fraction with a power of two below as a decimal."""
    digits = 0
    while x.denominator != 1:
        x *= 10
        digits += 1
    sign = "-" if x < 0 else ""
    text = str(abs(x.numerator)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def case(rng):
    inputs, expected = rule(rng)
    secret, blind = inputs["secret"], random_digest(rng)
    terms = lambda prefix: hash_words(q(secret[prefix + "collateral"], 32), q(secret[prefix + "size"], 32))
    inputs["public"]["account_before"] = digest_text(compress(terms(""), blind))
    secret["blind"] = digest_text(blind)
    if not isinstance(expected, str):
        after = compress(terms("new_"), compress(blind, hash_words(1)))
        expected["account_after"] = (digest_text(after), 0)
    if rng.random() < 0.05:
        secret["blind"] = digest_text(random_digest(rng))
        return inputs, "the account is not the one that was committed to"
    return inputs, expected

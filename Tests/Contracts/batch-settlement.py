"""Expiry of cash-settled options in exact integers."""
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

ONE = 1 << 32


def build(rng, positions, price, depth):
    """positions: (balance, kind, strike, quantity)."""
    old, new, records, paid = [], [], [], 0
    for number, (balance, kind, strike, quantity) in enumerate(positions):
        blind = random_digest(rng)
        unit = max(price - strike if kind == 0 else strike - price, 0)
        change = unit * quantity
        paid += max(change, 0)
        old.append(compress(hash_words(number, balance, kind, strike, quantity), blind))
        new.append(compress(hash_words(number, balance + change), compress(blind, hash_words(1))))
        records.append({"id": number, "balance": exact(balance), "kind": kind, "strike": exact(strike),
                        "quantity": quantity, "blind": text(blind)})
    inputs = {"public": {"old_root": text(Tree(old, depth).root), "depth": depth, "settlement": exact(price)},
              "secret": {"positions": records}}
    return inputs, {"new_root": (text(Tree(new, depth).root), 0), "paid": (exact(paid), 0)}


def payoff(price, kind, strike):
    return max(price - strike if kind == 0 else strike - price, 0)


def draw(rng, pairs, price):
    """Longs and shorts of some series, in pairs of equal quantities."""
    positions = []
    for _ in range(pairs):
        kind, strike = rng.randrange(2), rng.randrange(1, 400) * ONE // 2
        quantity = rng.randrange(1, 300)
        due = payoff(price, kind, strike) * quantity
        positions.append((rng.randrange(10**5) * ONE, kind, strike, quantity))
        positions.append((due + rng.choice([0, rng.randrange(10**5 * ONE)]), kind, strike, -quantity))
    rng.shuffle(positions)
    return positions


def sample(rng, count):
    price = 103 * ONE + 12345
    positions = draw(rng, (count + 1) // 2, price)
    return build(rng, positions, price, max(1, (len(positions) - 1).bit_length()))[0]


def case(rng):
    price = rng.randrange(0, 250 * ONE)
    positions = draw(rng, rng.randrange(0, 5), price)
    if positions and rng.random() < 0.15:
        i = rng.randrange(len(positions))
        balance, kind, strike, quantity = positions[i]
        positions[i] = (max(0, -payoff(price, kind, strike) * quantity - rng.choice([0, 1])), kind, strike, quantity)
    elif positions and rng.random() < 0.15:
        i = rng.randrange(len(positions))
        balance, kind, strike, quantity = positions[i]
        positions[i] = (balance, kind, strike, quantity + rng.choice([-1, 1]))
    least = max(0, (len(positions) - 1).bit_length())
    inputs, outputs = build(rng, positions, price, rng.randrange(least, 5))
    if any(b + payoff(price, k, s) * n < 0 for b, k, s, n in positions):
        return inputs, "an account's collateral does not cover its position"
    if sum(payoff(price, k, s) * n for _, k, s, n in positions):
        return inputs, "what is received is not what is paid"
    if rng.random() < 0.05 and positions:
        inputs["secret"]["positions"][0]["id"] += 1
        return inputs, "the positions are not those under the old root"
    return inputs, outputs

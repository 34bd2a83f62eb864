"""Balances in exact integers and portfolio margin in floating point, near the requirement."""
from importlib import import_module
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48
portfolio = import_module("portfolio-margin")


def attach(rng, inputs, collateral, count):
    """Spreads collateral over three chains; changes the inputs of portfolio-margin."""
    number, key = rng.randrange(10**6), random_digest(rng)
    depth = max(1, (count - 1).bit_length())
    public, secret = inputs["public"], inputs["secret"]
    del secret["collateral"]
    public.update(account=text(compress(hash_words(number), key)), depth=depth)
    secret.update(number=number, key=text(key), path=[])
    weights = [rng.random() for _ in range(3)]
    for c in range(3):
        price, haircut = rng.choice([1, 1, 25, 3000]), rng.choice([0, 0.05, 0.2])
        part = collateral * weights[c] / sum(weights)
        balance = round(part / price / (1 - haircut) * ONE)
        index, blind = rng.randrange(count), random_digest(rng)
        leaves = [random_digest(rng) for _ in range(count)]
        leaves[index] = compress(hash_words(number, balance), blind)
        tree = Tree(leaves, depth)
        public.update({f"root_{c}": text(tree.root), f"price_{c}": price, f"haircut_{c}": haircut})
        secret.update({f"balance_{c}": exact(balance), f"blind_{c}": text(blind)})
        secret["path"] += tree.path(index)
    return inputs


def sample(rng, count):
    while True:
        inputs, expected, marks = portfolio.rule(rng)
        if inputs["secret"]["collateral"] > 0 and expected == {"covered": (1, 0)} and inputs["secret"]["positions"]:
            inputs = attach(rng, inputs, inputs["secret"]["collateral"], count)
            return portfolio.published(rng, inputs, marks)


def case(rng):
    inputs, expected, marks = portfolio.rule(rng)
    collateral = inputs["secret"]["collateral"]
    # A balance is below 10^9 units.
    if not 0 <= collateral < 5e8:
        return case(rng)
    attach(rng, inputs, collateral, rng.randrange(1, 6))
    if rng.random() < 0.1:
        inputs["secret"]["balance_1"] = exact(10**6 * ONE)
        expected = "a balance is not under its chain's root"
    return portfolio.spoil(rng, portfolio.published(rng, inputs, marks), expected)

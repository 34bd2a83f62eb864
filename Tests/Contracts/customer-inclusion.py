"""Inclusion of an account of the solvency contract, in exact integers."""
from importlib import import_module
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

solvency = import_module("solvency")


def build(rng, customers, index, depth, asset, least, purpose):
    blinds = [random_digest(rng) for _ in customers]
    tree = Tree([compress(hash_words(number, *b), r) for number, (b, r) in enumerate(zip(customers, blinds))], depth)
    inputs = {"public": {"root": text(tree.root), "depth": depth, "asset": asset, "least": exact(least, 32),
                         "purpose": purpose},
              "secret": {"id": index, "blind": text(blinds[index]), "path": tree.path(index),
                         "balances": [{"amount": exact(b, 32)} for b in customers[index]]}}
    return inputs, {"tag": (text(compress(hash_words(3, purpose), blinds[index])), 0)}


def sample(rng, count):
    customers = solvency.draw(rng, count)
    asset = max(range(20), key=lambda i: customers[1][i])
    return build(rng, customers, 1, max(1, (count - 1).bit_length()), asset, customers[1][asset] // 2, 17)[0]


def case(rng):
    customers = solvency.draw(rng, rng.randrange(1, 6), debts=0.4)
    index = rng.randrange(len(customers))
    asset = rng.choice([rng.randrange(20)] * 9 + [20, -1])
    amount = customers[index][asset] if 0 <= asset < 20 else 0
    least = amount + rng.choice([0, -1, 1, -5 << 32])
    depth = rng.randrange((len(customers) - 1).bit_length(), 5)
    inputs, outputs = build(rng, customers, index, depth, asset, least, rng.randrange(100))
    if rng.random() < 0.1:
        inputs["secret"]["id"] += 1
        return inputs, "the account was not counted under this root"
    if not 0 <= asset < 20:
        return inputs, "index out of bounds"
    return inputs, outputs if amount >= least else "the account holds less than that"

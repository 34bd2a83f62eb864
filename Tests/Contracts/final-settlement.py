"""The waterfall of one liquidated account, in exact integers."""
from fractions import Fraction
from math import ceil
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

FRACTION = 1 << 48
FIELDS = ("account", "liquidator", "size", "entry", "price", "collateral", "funding", "time")


def leaf(event, blind):
    return compress(hash_words(*(event[name] for name in FIELDS)), blind)


def opener(blind):
    """What opens a receipt, and not the leaf."""
    return compress(hash_words(2), blind)


def waterfall(event, fee_rate, insurance):
    """owner, fee, insured, socialized."""
    value = event["collateral"] + event["size"] * (event["price"] - event["entry"]) - event["funding"]
    if value < 0:
        return 0, 0, min(-value, insurance), max(0, -value - insurance)
    fee = min(value, ceil(abs(event["size"]) * event["price"] * Fraction(fee_rate, FRACTION)))
    return value - fee, fee, 0, 0


def build(rng, event, fee_rate, insurance, count=1, depth=0):
    """Inputs and outputs for one liquidation among others; the rate in 2^-48."""
    blind = random_digest(rng)
    index = rng.randrange(count)
    leaves = [random_digest(rng) for _ in range(count)]
    leaves[index] = leaf(event, blind)
    tree = Tree(leaves, depth)
    result = waterfall(event, fee_rate, insurance)
    receipt = compress(hash_words(event["account"], event["liquidator"], event["time"], *result), opener(blind))
    inputs = {"public": {"liquidations": text(tree.root), "depth": depth, "fee_rate": exact(fee_rate, 48),
                         "insurance": insurance},
              "secret": event | {"blind": text(blind), "path": tree.path(index)}}
    outputs = {name: (w, 0) for name, w in zip(("owner", "fee", "insured", "socialized"), result)}
    return inputs, outputs | {"receipt": (text(receipt), 0),
                              "nullifier": (text(compress(leaves[index], blind)), 0)}


def ordinary():
    """12 BTC in lots of 0.01 BTC, bought at 100,000 dollars and sold at 96,000."""
    usd = 10**6
    return {"account": 4711, "liquidator": 12, "size": 1200, "entry": 1000 * usd, "price": 960 * usd,
            "collateral": 54_000 * usd, "funding": 17_500_000, "time": 1_790_000_000}


def sample(rng, count):
    return build(rng, ordinary(), FRACTION // 200, 10**12, count, max(1, (count - 1).bit_length()))[0]


def case(rng):
    count = rng.randrange(1, 5)
    size = rng.choice([-1, 1]) * rng.choice([1, rng.randrange(1, 10**4), rng.randrange(1, 2**29 + 1)])
    price = rng.choice([1, rng.randrange(1, 10**6), rng.randrange(1, 2**31 + 1)])
    entry = max(1, min(2**31, price + rng.choice([0, price // 10 + 1]) * rng.choice([-1, 1])))
    lost = size * (entry - price)
    funding = rng.choice([0, rng.randrange(-10**9, 10**9)])
    collateral = max(0, rng.choice([0, lost + funding, lost, rng.randrange(10**12)])
                     + rng.choice([0, 1, -1, rng.randrange(10**6)]))
    event = {"account": rng.randrange(10**9), "liquidator": rng.randrange(10**9), "size": size, "entry": entry,
             "price": price, "collateral": min(collateral, 2**60), "funding": funding, "time": rng.randrange(2**31)}
    inputs, outputs = build(rng, event, rng.choice([0, 1, FRACTION - 1, rng.randrange(FRACTION // 20)]),
                            rng.choice([0, rng.randrange(10**12), 2**60]), count,
                            rng.randrange((count - 1).bit_length(), 5))
    if rng.random() < 0.1:
        inputs["secret"][rng.choice(FIELDS)] += 1
        return inputs, "the liquidation is not under the root"
    return inputs, outputs

"""The waterfall of one account, in exact integers."""
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48


def build(rng, depth, count, account, size, entry, collateral, funding, price, time, fee_rate, insurance):
    blind = random_digest(rng)
    index = rng.randrange(count)
    leaves = [random_digest(rng) for _ in range(count)]
    leaves[index] = compress(hash_words(account, size, price, time), blind)
    tree = Tree(leaves, depth)
    value = collateral + (size * (price - entry) >> 32) - funding
    left, missing = max(value, 0), max(-value, 0)
    notional = -(-abs(size) * price >> 32)
    due = -(-notional * fee_rate >> 48)
    fee = min(left, due)
    insured = min(missing, insurance)
    result = [left - fee, fee, insured, missing - insured]
    receipt = compress(hash_words(account, time, *result), blind)
    inputs = {"public": {"liquidations": text(tree.root), "depth": depth, "fee_rate": exact(fee_rate, 48),
                         "insurance": exact(insurance)},
              "secret": {"account": account, "size": exact(size), "entry": exact(entry),
                         "collateral": exact(collateral), "funding": exact(funding), "price": exact(price),
                         "time": time, "blind": text(blind), "path": tree.path(index)}}
    outputs = {name: (exact(w), 0) for name, w in zip(("owner", "fee", "insured", "socialized"), result)}
    return inputs, {**outputs, "receipt": (text(receipt), 0)}


def sample(rng, count):
    return build(rng, max(1, (count - 1).bit_length()), count, 4711, 12 * ONE, 3000 * ONE, 5400 * ONE, 35 * ONE // 2,
                 2575 * ONE, 1_790_000_000, FRACTION // 200, 10**6 * ONE)[0]


def case(rng):
    count = rng.randrange(1, 5)
    price = rng.randrange(1, 5000 * ONE)
    inputs, outputs = build(
        rng, rng.randrange((count - 1).bit_length(), 5), count, rng.randrange(10**9),
        rng.randrange(-1000 * ONE, 1000 * ONE), max(1, price + rng.randrange(-300 * ONE, 300 * ONE)),
        rng.randrange(10**5 * ONE), rng.randrange(-100 * ONE, 100 * ONE), price, rng.randrange(2**31),
        rng.randrange(FRACTION // 20), rng.choice([0, rng.randrange(10**5 * ONE)]))
    if rng.random() < 0.1:
        inputs["secret"]["time"] += 1
        return inputs, "the liquidation is not under the root"
    return inputs, outputs

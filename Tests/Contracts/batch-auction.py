"""A uniform-price call auction in exact integers: every price is tried, by the definition."""
import importlib
from poseidon2 import Tree, compress, hash_words, random_digest, text

LEVELS = 256
commitment = importlib.import_module("order-commitment").commitment


def opener(blind):
    """What opens an order's fill, and not the order."""
    return compress(hash_words(2), blind)


def clear(orders):
    """(price, volume, fills); orders are (side, price, size)."""
    table = []
    for p in range(LEVELS):
        demand = sum(s for side, limit, s in orders if side == 0 and limit >= p)
        supply = sum(s for side, limit, s in orders if side == 1 and limit <= p)
        table.append((p, demand, supply))
    volume = max(min(d, s) for _, d, s in table)
    rest = [t for t in table if min(t[1], t[2]) == volume]
    gap = min(abs(d - s) for _, d, s in rest)
    rest = [t for t in rest if abs(t[1] - t[2]) == gap]
    # Pressure of buyers takes the highest such price, of sellers the lowest.
    price = rest[0][0]
    for p, d, s in rest[1:]:
        if d > s:
            price = p
    fills = []
    left, at = {}, {}
    for side in (0, 1):
        better = sum(s for sd, limit, s in orders if sd == side and (limit > price if side == 0 else limit < price))
        at[side] = sum(s for sd, limit, s in orders if sd == side and limit == price)
        left[side] = volume - better
    seen, given = [0, 0], [0, 0]
    for side, limit, size in orders:
        if (limit > price) if side == 0 else (limit < price):
            fills.append(size)
        elif limit == price:
            seen[side] += size
            due = seen[side] * left[side] // at[side]
            fills.append(due - given[side])
            given[side] = due
        else:
            fills.append(0)
    assert sum(f for f, o in zip(fills, orders) if o[0] == 0) == volume
    assert sum(f for f, o in zip(fills, orders) if o[0] == 1) == volume
    assert all(0 <= f <= o[2] for f, o in zip(fills, orders))
    return price, volume, fills


def build(rng, orders, depth, broken=None):
    records, leaves = [], []
    used = filled = hash_words(len(orders))
    price, volume, fills = clear(orders)
    for (side, limit, size), fill in zip(orders, fills):
        key, blind = random_digest(rng), random_digest(rng)
        c = commitment(side, limit, size, key, blind)
        leaves.append(c)
        used = compress(used, compress(c, key))
        filled = compress(filled, compress(hash_words(fill), opener(blind)))
        records.append({"side": side, "price": limit, "size": size, "key": text(key), "blind": text(blind)})
    root = Tree(leaves, depth).root
    inputs = {"public": {"orders_root": text(root), "depth": depth}, "secret": {"orders": records}}
    return inputs, {"price": (price, 0), "volume": (volume, 0), "nullifiers": (text(used), 0), "fills": (text(filled), 0)}


def draw(rng, count, center, width):
    return [(rng.randrange(2), min(LEVELS - 1, max(0, round(rng.gauss(center, width)))), rng.randrange(1, 500))
            for _ in range(count)]


def sample(rng, count):
    return build(rng, draw(rng, count, 128, 12), max(1, (count - 1).bit_length()))[0]


def case(rng):
    count = rng.randrange(0, 14)
    orders = draw(rng, count, rng.choice([0, 128, 255]), rng.choice([0.5, 2, 40]))
    least = max(0, (count - 1).bit_length())
    inputs, expected = build(rng, orders, rng.randrange(least, 6))
    if orders and rng.random() < 0.1:
        record = rng.choice(inputs["secret"]["orders"])
        record["size"] += 1
        return inputs, "the orders are not those of the batch"
    return inputs, expected

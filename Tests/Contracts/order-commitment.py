"""An order's rules and commitment in exact integers."""
from poseidon2 import compress, exact, hash_words, random_digest, text

ONE = 1 << 32


def commitment(side, price, size, key, blind):
    owner = compress(hash_words(1), key)
    return compress(compress(hash_words(side, price, size), owner), blind)


def deposit(cash, lots, key, blind):
    return text(compress(compress(hash_words(cash, lots), compress(hash_words(1), key)), blind))


def case(rng):
    levels, largest = rng.choice([16, 256]), rng.choice([10, 5000])
    lowest, tick = rng.randrange(1, 400) * ONE // 4, rng.choice([ONE // 4, ONE // 16])
    side = rng.choice([0, 1, 0, 1, 0, 1, 2, -1])
    price = rng.choice([rng.randrange(levels)] * 8 + [-1, levels])
    size = rng.choice([rng.randrange(1, largest + 1)] * 8 + [0, largest + 1])
    cost = (lowest + tick * price) * size
    cash = max(0, (cost if side == 0 else 0) + rng.choice([0, ONE, 77, -1]))
    lots = max(0, (size if side == 1 else 0) + rng.choice([0, 1, 50, -1]))
    key, blind, deposit_blind = random_digest(rng), random_digest(rng), random_digest(rng)
    inputs = {"public": {"levels": levels, "lowest": exact(lowest), "tick": exact(tick), "largest": largest,
                         "deposit": deposit(cash, lots, key, deposit_blind)},
              "secret": {"side": side, "price": price, "size": size, "cash": exact(cash), "lots": lots,
                         "key": text(key), "blind": text(blind), "deposit_blind": text(deposit_blind)}}
    for wrong, message in ((side not in (0, 1), "side is 0 (buy) or 1 (sell)"),
                           (price < 0, "below the batch's prices"), (price >= levels, "above the batch's prices"),
                           (size <= 0, "the size is not positive"), (size > largest, "above the largest"),
                           (side == 0 and cash < cost, "the cash does not cover"),
                           (side == 1 and lots < size, "fewer lots")):
        if wrong:
            return inputs, message
    if rng.random() < 0.1:
        inputs["secret"]["lots"] += 1000
        return inputs, "the deposit is not what the venue holds"
    return inputs, {"commitment": (text(commitment(side, price, size, key, blind)), 0),
                    "owner": (text(compress(hash_words(1), key)), 0)}

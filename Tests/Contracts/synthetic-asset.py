"""A capped forward on an attested figure, in exact integers."""
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48


def build(rng, count, depth, index, now, max_age, series, quantity, strike, cap):
    data = [(rng.randrange(5), now - rng.randrange(-50, 2 * max_age), rng.randrange(-10**4 * ONE, 10**5 * ONE))
            for _ in range(count)]
    stamp, figure = data[index][1:]
    data[index] = (series, stamp, figure)
    blinds = [random_digest(rng) for _ in data]
    tree = Tree([compress(hash_words(*d), b) for d, b in zip(data, blinds)], depth)
    own = random_digest(rng)
    position = compress(hash_words(series, quantity, strike, cap), own)
    inputs = {"public": {"root": text(tree.root), "depth": depth, "position": text(position), "series": series,
                         "now": now, "max_age": max_age},
              "secret": {"stamp": stamp, "figure": exact(figure), "figure_blind": text(blinds[index]),
                         "quantity": exact(quantity, 48), "strike": exact(strike), "cap": exact(cap),
                         "position_blind": text(own), "path": tree.path(index)}}
    capped = max(-cap, min(figure - strike, cap))
    return inputs, stamp, {"payout": (exact(capped * quantity >> 48), 0)}


def sample(rng, count):
    return build(rng, count, max(1, (count - 1).bit_length()), count // 2, 1_790_000_000, 10**9, 7,
                 -3 * FRACTION // 2, 2500 * ONE, 400 * ONE)[0]


def case(rng):
    count = rng.randrange(1, 6)
    now, max_age = 1_790_000_000 + rng.randrange(10**6), rng.choice([60, 3600])
    inputs, stamp, outputs = build(
        rng, count, rng.randrange((count - 1).bit_length(), 5), rng.randrange(count), now, max_age,
        rng.randrange(9), rng.randrange(-100 * FRACTION, 100 * FRACTION), rng.randrange(10**5 * ONE),
        rng.randrange(10**6 * ONE))
    if stamp > now:
        return inputs, "the figure is from the future"
    if now - stamp > max_age:
        return inputs, "the figure is too old"
    if rng.random() < 0.1:
        inputs["secret"]["cap"] = "0"
        return inputs, "the position is not the one that was committed to"
    if rng.random() < 0.1:
        inputs["secret"]["figure_blind"] = text(random_digest(rng))
        return inputs, "the figure is not in the attested data set"
    return inputs, outputs

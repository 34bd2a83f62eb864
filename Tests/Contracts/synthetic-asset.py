"""A capped forward on an attested figure, in exact integers."""
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

ONE = 1 << 32


def figure_leaf(series, time, figure, blind):
    return compress(hash_words(series, time, figure), blind)


def position_leaf(series, time, quantity, strike, cap, blind):
    return compress(hash_words(series, time, quantity, strike, cap), blind)


def payout(quantity, strike, cap, figure):
    """In 2^-16, from numbers in 2^-32."""
    return max(-cap, min(figure - strike, cap)) * quantity >> 48


def build(rng, figures, depth, series, time, quantity, strike, cap):
    """figures: by place, each (the series and the time that its leaf names, the figure)."""
    blinds = [random_digest(rng) for _ in figures]
    tree = Tree([figure_leaf(*record, blind) for record, blind in zip(figures, blinds)], depth)
    own = random_digest(rng)
    position = position_leaf(series, time, quantity, strike, cap, own)
    figure = figures[series][2]
    inputs = {"public": {"root": text(tree.root), "depth": depth, "position": text(position), "series": series,
                         "fixing_time": time},
              "secret": {"figure": exact(figure), "figure_blind": text(blinds[series]), "quantity": exact(quantity),
                         "strike": exact(strike), "cap": exact(cap), "position_blind": text(own),
                         "path": tree.path(series)}}
    return inputs, {"payout": (exact(payout(quantity, strike, cap, figure), 16), 0),
                    "nullifier": (text(compress(position, own)), 0)}


def draw(rng, count, time):
    return [(series, time, rng.randrange(-10**4 * ONE, 10**5 * ONE)) for series in range(count)]


def sample(rng, count):
    figures = draw(rng, count, 1_790_000_000)
    return build(rng, figures, max(1, (count - 1).bit_length()), count // 2, 1_790_000_000, -3 * ONE // 2, 2500 * ONE,
                 400 * ONE)[0]


def case(rng):
    count, time = rng.randrange(1, 6), 1_790_000_000 + rng.randrange(10**6)
    figures, series = draw(rng, count, time), rng.randrange(count)
    quantity, strike = rng.randrange(-10**5 * ONE, 10**5 * ONE), rng.randrange(10**5 * ONE)
    cap = rng.choice([0, rng.randrange(10**6 * ONE)])
    fault = rng.choice(["stale", "elsewhere", "cap", "blind"] + [None] * 12)
    if fault == "stale":
        figures[series] = (series, time - rng.choice([1, -1, 60]), figures[series][2])
    elif fault == "cap":
        cap = -rng.randrange(1, 10**6 * ONE)
    inputs, outputs = build(rng, figures, rng.randrange((count - 1).bit_length(), 5), series, time, quantity, strike, cap)
    if fault == "elsewhere":
        inputs["public"]["series"] = (series + 1) % 7
        return inputs, "the position is not the one that was committed to"
    if fault == "blind":
        inputs["secret"]["figure_blind"] = text(random_digest(rng))
    traps = {"stale": "the figure is not in the attested data set", "cap": "the cap is negative",
             "blind": "the figure is not in the attested data set"}
    return inputs, traps.get(fault, outputs)

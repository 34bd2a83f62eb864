"""Membership, non-membership, attested books and limits in exact integers."""
from poseidon2 import Tree, chain, compress, exact, hash_words, random_digest, text

ONE = 1 << 32


def owner(key):
    return compress(hash_words(1), key)


def content(account, period, holdings):
    """What a book says: (instrument, quantity) of each position."""
    return compress(hash_words(3, account, period), chain([hash_words(i, n) for i, n, *_ in holdings]))


def opener(key, period):
    """What opens the positions of one period."""
    return compress(hash_words(4, period), key)


def levels(count, extra=0):
    return max(1, (count - 1).bit_length()) + extra


def notional(quantity, price):
    """In 2^-16, rounded up."""
    return -(-abs(quantity) * price >> 16)


class World:
    """What is published: the members, who is revoked, everybody's book, the prices of instruments 0, 1, …"""

    def __init__(self, rng, ids, revoked, period, prices, books, extra=0):
        self.ids, self.period, self.prices, self.books = ids, period, prices, books
        self.keys = [random_digest(rng) for _ in ids]
        self.blinds = [random_digest(rng) for _ in ids]
        edges = [-1, *sorted(revoked), 2**40]
        self.pairs = list(zip(edges, edges[1:]))
        self.members = Tree([compress(hash_words(i), owner(k)) for i, k in zip(ids, self.keys)], levels(len(ids), extra))
        self.listed = Tree([hash_words(*p) for p in self.pairs], levels(len(self.pairs), extra))
        self.attested = Tree([compress(content(i, period, book), blind)
                              for i, book, blind in zip(ids, books, self.blinds)], levels(len(ids), extra))
        self.market = Tree([hash_words(*q) for q in enumerate(prices)], levels(len(prices), extra))

    def public(self, gross, single):
        trees = {"members": self.members, "revoked": self.listed, "books": self.attested, "prices": self.market}
        out = {"period": self.period, "gross_limit": exact(gross, 16), "single_limit": exact(single, 16)}
        for name, tree in trees.items():
            out[name], out[f"{name}_depth"] = text(tree.root), tree.depth
        return out

    def inputs(self, rng, index, gross, single):
        account, key, book = self.ids[index], self.keys[index], self.books[index]
        # Of a revoked account the pair above or below it.
        place = rng.choice([i for i, (low, high) in enumerate(self.pairs) if low <= account <= high])
        paths = self.members.path(index) + self.listed.path(place)
        for instrument, _ in book:
            paths += self.market.path(instrument)
        paths += self.attested.path(index)
        secret = {"id": account, "key": text(key), "low": self.pairs[place][0], "high": self.pairs[place][1],
                  "book_blind": text(self.blinds[index]), "path": paths,
                  "holdings": [{"instrument": i, "quantity": n, "price": exact(self.prices[i])} for i, n in book]}
        return {"public": self.public(gross, single), "secret": secret}

    def outputs(self, index):
        key = self.keys[index]
        closed = compress(chain([hash_words(i, n) for i, n in self.books[index]]), opener(key, self.period))
        return {"nullifier": (text(compress(hash_words(2, self.period), key)), 0), "positions": (text(closed), 0)}


def draw(rng, instruments, most):
    held = sorted(rng.sample(range(instruments), rng.randrange(min(most, instruments) + 1)))
    return [(i, rng.randrange(-40, 41)) for i in held]


def sample(rng, count):
    ids = rng.sample(range(10**6), count)
    others = [i for i in rng.sample(range(10**6), count // 10) if i not in ids]
    books = [draw(rng, 50, 12) for _ in ids]
    books[count // 3] = [(i, rng.randrange(-40, 41)) for i in sorted(rng.sample(range(50), 12))]
    world = World(rng, ids, others, 202611, [rng.randrange(1, 900 * ONE) for _ in range(50)], books)
    return world.inputs(rng, count // 3, 10**7 << 16, 10**5 << 16)


def case(rng):
    ids = rng.sample(range(100), rng.randrange(1, 6))
    revoked = rng.sample(range(100), rng.randrange(0, 5))
    index, instruments = rng.randrange(len(ids)), rng.randrange(1, 7)
    prices = [rng.choice([rng.randrange(1, 900 * ONE), rng.randrange(1, ONE)]) for _ in range(instruments)]
    world = World(rng, ids, revoked, rng.randrange(10**6), prices, [draw(rng, instruments, 4) for _ in ids], rng.randrange(2))
    book = world.books[index]
    sizes = [notional(n, prices[i]) for i, n in book]
    single, gross = max(sizes, default=0) + rng.choice([0, 0, 1, -1]), sum(sizes) + rng.choice([0, 0, 1, -1])
    inputs = world.inputs(rng, index, gross, single)
    secret, fault = inputs["secret"], rng.randrange(20)
    if fault == 0:
        secret["key"] = text(random_digest(rng))
        return inputs, "the account is not on the list"
    if ids[index] in revoked:
        return inputs, "the account is revoked"
    if fault == 1:
        secret["high"] += 1
        return inputs, "the neighbours are not on the list"
    if fault == 2 and book:
        secret["holdings"][0]["price"] = exact(prices[book[0][0]] + 1)
        return inputs, "a price is not the published one"
    if any(s > single for s in sizes):
        return inputs, "above the limit of one instrument"
    if sum(sizes) > gross:
        return inputs, "above the gross limit"
    if fault == 4 and book and book[-1][1]:
        secret["holdings"][-1]["quantity"] = 0
        return inputs, "the positions are not those that the custodian attested"
    if fault == 5:
        secret["book_blind"] = text(random_digest(rng))
        return inputs, "the positions are not those that the custodian attested"
    return inputs, world.outputs(index)

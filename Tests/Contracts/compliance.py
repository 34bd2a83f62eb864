"""Membership, non-membership and limits in exact integers."""
from poseidon2 import Tree, compress, exact, hash_words, random_digest, text

ONE = 1 << 32


def build(rng, ids, index, revoked, period, gross, single, holdings, extra=0):
    keys = [random_digest(rng) for _ in ids]
    owner = lambda key: compress(hash_words(1), key)
    depth = max(1, (len(ids) - 1).bit_length()) + extra
    members = Tree([compress(hash_words(i), owner(k)) for i, k in zip(ids, keys)], depth)
    edges = [-1] + sorted(revoked) + [2**40]
    pairs = list(zip(edges, edges[1:]))
    revoked_depth = max(1, (len(pairs) - 1).bit_length()) + extra
    listed = Tree([hash_words(*p) for p in pairs], revoked_depth)
    account, key = ids[index], keys[index]
    # Of a revoked account the pair above or below it.
    place = rng.choice([i for i, (low, high) in enumerate(pairs) if low <= account <= high])
    chain = hash_words(len(holdings))
    for h in holdings:
        chain = compress(chain, hash_words(*h))
    inputs = {"public": {"members": text(members.root), "members_depth": depth, "revoked": text(listed.root),
                         "revoked_depth": revoked_depth, "period": period, "gross_limit": exact(gross),
                         "single_limit": exact(single)},
              "secret": {"id": account, "key": text(key), "low": pairs[place][0], "high": pairs[place][1],
                         "path": members.path(index) + listed.path(place),
                         "holdings": [{"instrument": i, "quantity": n, "price": exact(p)} for i, n, p in holdings]}}
    return inputs, {"nullifier": (text(compress(hash_words(2, period), key)), 0),
                    "positions": (text(compress(chain, key)), 0)}


def draw(rng, count):
    return [(rng.randrange(50), rng.randrange(-40, 41), rng.randrange(900 * ONE)) for _ in range(count)]


def sample(rng, count):
    ids = rng.sample(range(10**6), count)
    others = [i for i in rng.sample(range(10**6), count // 10) if i not in ids]
    return build(rng, ids, count // 3, others, 202611, 10**7 * ONE, 10**5 * ONE, draw(rng, 12))[0]


def case(rng):
    ids = rng.sample(range(100), rng.randrange(1, 6))
    revoked = rng.sample(range(100), rng.randrange(0, 5))
    index = rng.randrange(len(ids))
    holdings = draw(rng, rng.randrange(0, 6))
    sizes = [abs(n) * p for _, n, p in holdings]
    single, gross = max(sizes, default=0) + rng.choice([0, 1, -1]), sum(sizes) + rng.choice([0, 1, -1])
    inputs, outputs = build(rng, ids, index, revoked, rng.randrange(10**6), gross, single, holdings, rng.randrange(2))
    if rng.random() < 0.05:
        inputs["secret"]["key"] = text(random_digest(rng))
        return inputs, "the account is not on the list"
    if ids[index] in revoked:
        return inputs, "the account is revoked"
    if rng.random() < 0.05:
        inputs["secret"]["high"] += 1
        return inputs, "the neighbours are not on the list"
    if any(s > single for s in sizes):
        return inputs, "above the limit of one instrument"
    if sum(sizes) > gross:
        return inputs, "above the gross limit"
    return inputs, outputs

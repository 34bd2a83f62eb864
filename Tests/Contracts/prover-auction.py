"""Second-price procurement of jobs in exact integers."""
from poseidon2 import Tree, chain, compress, exact, hash_words, random_digest, text

ONE = 1 << 32


def build(rng, bids, jobs, min_stake, max_deadline, reserve, depth):
    blinds = [random_digest(rng) for _ in bids]
    tree = Tree([compress(hash_words(*b), r) for b, r in zip(bids, blinds)], depth)
    results = []
    for job in range(jobs):
        able = [(price, number, bidder) for number, (j, bidder, price, stake, deadline) in enumerate(bids)
                if j == job and bidder >= 0 and stake >= min_stake and deadline <= max_deadline
                and 0 <= price <= reserve]
        able.sort()
        if not able:
            results.append(hash_words(job, -1, 0))
        else:
            results.append(hash_words(job, able[0][2], able[1][0] if len(able) > 1 else reserve))
    inputs = {"public": {"bids_root": text(tree.root), "depth": depth, "jobs": jobs, "min_stake": exact(min_stake),
                         "max_deadline": max_deadline, "reserve": exact(reserve)},
              "secret": {"bids": [{"job": j, "bidder": b, "price": exact(p), "stake": exact(s), "deadline": d,
                                   "blind": text(r)} for (j, b, p, s, d), r in zip(bids, blinds)]}}
    return inputs, {"awards": (text(chain(results)), 0)}


def draw(rng, count, jobs, reserve):
    return [(rng.randrange(jobs), rng.randrange(1000), rng.choice([rng.randrange(4) * ONE, rng.randrange(4) * ONE, rng.randrange(reserve + ONE), -1, -ONE // 2]),
             rng.randrange(100) * ONE, rng.randrange(600)) for _ in range(count)]


def sample(rng, count):
    jobs, reserve = 8, 5 * ONE
    return build(rng, draw(rng, count, jobs, reserve), jobs, 20 * ONE, 500, reserve, max(1, (count - 1).bit_length()))[0]


def case(rng):
    jobs, reserve = rng.randrange(1, 5), rng.randrange(1, 5) * ONE
    bids = draw(rng, rng.randrange(0, 12), jobs, reserve)
    for bid in rng.sample(range(len(bids)), len(bids) // 6):
        bids[bid] = (bids[bid][0], rng.choice([-1, -2**40, 0]), *bids[bid][2:])
    if bids and rng.random() < 0.05:
        bids[-1] = (jobs,) + bids[-1][1:]
        return build(rng, bids, jobs, 0, 500, reserve, 4)[0], "there is no such job"
    inputs, outputs = build(rng, bids, jobs, rng.randrange(60) * ONE, rng.randrange(100, 600), reserve,
                            rng.randrange(4, 6))
    if bids and rng.random() < 0.05:
        rng.choice(inputs["secret"]["bids"])["bidder"] += 1
        return inputs, "the bids are not those that were sealed"
    return inputs, outputs

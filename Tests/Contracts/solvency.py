"""Solvency with 20 assets in exact integers, and accounts in a Merkle tree."""
from poseidon2 import Tree, chain, compress, exact, hash_words, random_digest, text

ASSETS = 20
ONE, FRACTION = 1 << 32, 1 << 48


def table(rng, totals):
    rows = []
    for held in totals:
        ratio = rng.randrange(FRACTION // 2, FRACTION + 1)
        rows.append({"price": rng.randrange(1, 70000 * ONE), "ratio": ratio,
                     "reduced": rng.randrange(ratio // 2, ratio + 1), "limit": rng.randrange(10**7) * ONE,
                     "reserve": held + rng.choice([0, 0, 1, rng.randrange(10**5 * ONE)])})
    return rows


def equity(balances, rows):
    total = 0
    for b, a in zip(balances, rows):
        value = b * a["price"] >> 32
        # Debts in full; assets by ratio up to the limit and by the reduced ratio above it.
        if value < 0:
            total += value
        else:
            tier = a["limit"] * (a["ratio"] - a["reduced"]) >> 48
            total += min(value * a["ratio"] >> 48, (value * a["reduced"] >> 48) + tier)
    return total


def inputs(rng, customers, rows, depth):
    leaves, records = [], []
    for number, balances in enumerate(customers):
        blind = random_digest(rng)
        account = 100000 + 7 * number
        leaves.append(compress(hash_words(account, *balances), blind))
        record = {"id": account, "blind": text(blind)}
        record.update({f"b{i}": exact(b, 32) for i, b in enumerate(balances)})
        records.append(record)
    market = chain([hash_words(*(a[k] for k in ("price", "ratio", "reduced", "limit", "reserve"))) for a in rows])
    assets = [{"price": exact(a["price"], 32), "ratio": exact(a["ratio"], 48),
               "reduced": exact(a["reduced"], 48), "limit": exact(a["limit"], 32),
               "reserve": exact(a["reserve"], 32)} for a in rows]
    tree = Tree(leaves, depth)
    return {"public": {"market": text(market), "depth": depth},
            "secret": {"assets": assets, "customers": records}}, tree


def draw(rng, count, debts=0.1):
    customers = []
    for _ in range(count):
        held = rng.sample(range(ASSETS), rng.randrange(1, 6))
        balances = [0] * ASSETS
        for i in held:
            balances[i] = rng.randrange(0, 200 * ONE)
        if rng.random() < debts:
            balances[rng.randrange(ASSETS)] = -rng.randrange(50 * ONE)
        customers.append(balances)
    return customers


def sample(rng, count):
    """A solvent exchange of so many customers."""
    totals = [0] * ASSETS
    rows = table(rng, [0] * ASSETS)
    customers = []
    while len(customers) < count:
        for balances in draw(rng, 1):
            if equity(balances, rows) >= 0:
                customers.append(balances)
    for balances in customers:
        totals = [t + b for t, b in zip(totals, balances)]
    for row, held in zip(rows, totals):
        row["reserve"] = max(held, 0) + rng.randrange(1000 * ONE)
    return inputs(rng, customers, rows, max(1, (count - 1).bit_length()))[0]


def case(rng):
    customers = draw(rng, rng.randrange(0, 5), debts=0.3)
    rows = table(rng, [0] * ASSETS)
    if customers and rng.random() < 0.5:
        # An account worth nothing, or an ulp less than that: asset 0 costs 1, and is owed.
        rows[0]["price"] = ONE
        balances = rng.choice(customers)
        balances[0] = 0
        balances[0] = -max(equity(balances, rows), 0) - rng.choice([0, 0, 1])
    totals = [sum(c[i] for c in customers) for i in range(ASSETS)]
    for row, held in zip(rows, totals):
        row["reserve"] += held
    if rng.random() < 0.1:
        row = rng.randrange(ASSETS)
        rows[row]["reserve"] = totals[row] - rng.choice([1, ONE])
    priceless = rng.random() < 0.1
    if priceless:
        rows[rng.randrange(ASSETS)]["price"] = rng.choice([0, -1])
    least = max(0, (len(customers) - 1).bit_length())
    given, tree = inputs(rng, customers, rows, rng.randrange(least, 6))
    if priceless:
        return given, "an asset's price is not positive"
    if any(equity(c, rows) < 0 for c in customers):
        return given, "a customer owes more than the account is worth"
    if any(a["reserve"] < t for a, t in zip(rows, totals)):
        return given, "an asset's reserve is below what customers hold of it"
    return given, {"root": (text(tree.root), 0)}

"""Netting and a default waterfall in exact integers."""
from poseidon2 import chain, compress, exact, hash_words, random_digest, text

ONE, FRACTION = 1 << 32, 1 << 48


def shares(total, weights):
    whole, seen, given, out = max(sum(weights), 1), 0, 0, []
    for w in weights:
        seen += w
        due = total if seen >= whole else total * ((seen << 48) // whole) >> 48
        out.append(due - given)
        given = due
    return out


def build(rng, instruments, trades, members, defaulter, house, requirement, assessment):
    count = len(members)
    net = [[0] * 4 for _ in members]
    for buyer, seller, j, quantity in trades:
        net[buyer][j] += quantity
        net[seller][j] -= quantity
    needs = [sum(abs(n) * rate for n, (rate, _) in zip(row, instruments)) for row in net]
    loss = max(-sum(n * move for n, (_, move) in zip(net[defaulter], instruments)), 0)
    funds = [0 if m == defaulter else fund for m, (_, fund) in enumerate(members)]
    survivors = sum(funds)
    layers = [members[defaulter][0], members[defaulter][1], house, survivors, survivors * assessment >> 48]
    taken, left = [], loss
    for layer in layers:
        taken.append(min(left, layer))
        left -= taken[-1]
    blinds = [random_digest(rng) for _ in members]
    bill = hash_words(count)
    for a, b, blind in zip(shares(taken[3], funds), shares(taken[4], funds), blinds):
        bill = compress(bill, compress(hash_words(a, b), blind))
    inputs = {
        "public": {"trades_chain": text(chain([hash_words(*t) for t in trades])),
                   "members_chain": text(chain([compress(hash_words(*m), b) for m, b in zip(members, blinds)])),
                   "house_capital": exact(house), "house_requirement": exact(requirement),
                   "assessment": exact(assessment, 48),
                   "instruments_chain": text(chain([hash_words(*i) for i in instruments]))},
        "secret": {"instruments": [{"rate": exact(r), "move": exact(m)} for r, m in instruments],
                   "trades": [dict(zip(("buyer", "seller", "instrument", "quantity"), t)) for t in trades],
                   "members": [{"margin": exact(m), "fund": exact(f), "blind": text(b)}
                               for (m, f), b in zip(members, blinds)],
                   "defaulter": defaulter}}
    names = ("from_margin", "from_share", "from_house", "from_survivors", "from_assessments")
    outputs = {name: (exact(w), 0) for name, w in zip(names, taken)}
    outputs.update(loss=(exact(loss), 0), unborne=(exact(left), 0), charges=(text(bill), 0))
    return inputs, outputs, needs


def draw(rng, count, trade_count, size):
    instruments = [(rng.randrange(1, 20 * ONE), rng.randrange(-60 * ONE, 60 * ONE)) for _ in range(4)]
    trades = [(rng.randrange(count), rng.randrange(count), rng.randrange(4), rng.randrange(1, size))
              for _ in range(trade_count)]
    net = [[0] * 4 for _ in range(count)]
    for buyer, seller, j, quantity in trades:
        net[buyer][j] += quantity
        net[seller][j] -= quantity
    needs = [sum(abs(n) * rate for n, (rate, _) in zip(row, instruments)) for row in net]
    members = [(need + rng.choice([0, rng.randrange(1000 * ONE)]), rng.choice([0, rng.randrange(500 * size * ONE // 20)]))
               for need in needs]
    return instruments, trades, members


def sample(rng, count):
    instruments, trades, members = draw(rng, 40, count, 200)
    return build(rng, instruments, trades, members, 7, 50000 * ONE, 150000 * ONE, 2 * FRACTION)[0]


def case(rng):
    count = rng.randrange(1, 6)
    instruments, trades, members = draw(rng, count, rng.randrange(0, 9), rng.choice([5, 40]))
    requirement = rng.randrange(1000 * ONE)
    quarter = -(-requirement // 4)
    house = quarter + rng.choice([0, rng.randrange(500 * ONE), 0, -1])
    if rng.random() < 0.1:
        m = rng.randrange(count)
        members[m] = (members[m][0] - 1, members[m][1])
    inputs, outputs, needs = build(rng, instruments, trades, members, rng.randrange(count), house, requirement,
                                   rng.randrange(3 * FRACTION))
    if house < quarter:
        return inputs, "less than a quarter of its capital requirement"
    if trades and rng.random() < 0.05:
        inputs["secret"]["trades"][0]["quantity"] += 1
        return inputs, "the trades are not the registered ones"
    for (margin, _), need in zip(members, needs):
        if margin < 0:
            return inputs, "a margin is negative"
        if margin < need:
            return inputs, "a member's margin is below the requirement"
    return inputs, outputs

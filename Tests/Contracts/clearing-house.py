"""Netting, the one member below its requirement, and a default waterfall in exact integers."""
from poseidon2 import chain, compress, exact, hash_words, random_digest, text

UNIT, FRACTION = 10**6, 1 << 48


def shares(total, weights):
    whole, seen, given, out = max(sum(weights), 1), 0, 0, []
    for w in weights:
        seen += w
        due = total if seen >= whole else total * ((seen << 48) // whole) >> 48
        out.append(due - given)
        given = due
    return out


def nets(count, trades):
    net = [[0] * 4 for _ in range(count)]
    for buyer, seller, j, quantity in trades:
        net[buyer][j] += quantity
        net[seller][j] -= quantity
    return net


def requirements(net, instruments):
    return [sum(abs(n) * rate for n, (rate, _) in zip(row, instruments)) for row in net]


def opener(blind, house, assessment, trades_chain, instruments_chain):
    """What opens a member's charge of this proof, and neither its resources nor another proof's charge."""
    return compress(compress(compress(hash_words(2, house, assessment), trades_chain), instruments_chain), blind)


def build(rng, instruments, trades, members, house, requirement, assessment):
    """The inputs, the outputs, and the numbers of the members below their requirement."""
    count = len(members)
    net = nets(count, trades)
    below = [m for m, need in enumerate(requirements(net, instruments)) if members[m][0] < need]
    defaulter = below[0] if below else None
    loss = 0 if defaulter is None else max(-sum(n * move for n, (_, move) in zip(net[defaulter], instruments)), 0)
    funds = [0 if m == defaulter else fund for m, (_, fund) in enumerate(members)]
    own = (0, 0) if defaulter is None else members[defaulter]
    survivors = sum(funds)
    taken, left = [], loss
    for layer in (*own, house, survivors, survivors * assessment >> 48):
        taken.append(min(left, layer))
        left -= taken[-1]
    blinds = [random_digest(rng) for _ in members]
    traded = chain([hash_words(*t) for t in trades])
    listed = chain([hash_words(*i) for i in instruments])
    bill = hash_words(count)
    for a, b, blind in zip(shares(taken[3], funds), shares(taken[4], funds), blinds):
        bill = compress(bill, compress(hash_words(a, b), opener(blind, house, assessment, traded, listed)))
    inputs = {
        "public": {"trades_chain": text(traded),
                   "members_chain": text(chain([compress(hash_words(*m), b) for m, b in zip(members, blinds)])),
                   "house_capital": house, "house_requirement": requirement, "assessment": exact(assessment, 48),
                   "instruments_chain": text(listed)},
        "secret": {"instruments": [{"rate": r, "move": m} for r, m in instruments],
                   "trades": [dict(zip(("buyer", "seller", "instrument", "quantity"), t)) for t in trades],
                   "members": [{"margin": m, "fund": f, "blind": text(b)} for (m, f), b in zip(members, blinds)]}}
    names = ("from_margin", "from_share", "from_house", "from_survivors", "from_assessments")
    outputs = {name: (w, 0) for name, w in zip(names, taken)}
    outputs.update(defaults=(len(below), 0), loss=(loss, 0), unborne=(left, 0), charges=(text(bill), 0))
    return inputs, outputs, below


def draw(rng, count, trade_count, size, unit=UNIT):
    instruments = [(rng.randrange(1, 20 * unit), rng.randrange(-60 * unit, 60 * unit)) for _ in range(4)]
    trades = [(rng.randrange(count), rng.randrange(count), rng.randrange(4), rng.randrange(1, size))
              for _ in range(trade_count)]
    needs = requirements(nets(count, trades), instruments)
    members = [(need + rng.choice([0, rng.randrange(1000 * unit)]), rng.choice([0, rng.randrange(25 * size * unit)]))
               for need in needs]
    return instruments, trades, members, needs


def sample(rng, count):
    instruments, trades, members, needs = draw(rng, 40, count, 200)
    worst = max(range(40), key=lambda m: -sum(n * move for n, (_, move) in zip(nets(40, trades)[m], instruments)))
    members[worst] = (needs[worst] * 9 // 10, members[worst][1])
    return build(rng, instruments, trades, members, 500 * UNIT, 1500 * UNIT, 2 * FRACTION)[0]


def case(rng):
    count = rng.randrange(0 if rng.random() < 0.05 else 1, 6)
    # Units from 0.000001 to a hundred thousand a lot: sizes of small and of large houses.
    unit = rng.choice([1, UNIT, 1000 * UNIT, 10**5 * UNIT])
    instruments, trades, members, needs = draw(rng, count, rng.randrange(0, 9) if count else 0, rng.choice([5, 40, 60000]), unit)
    requirement = rng.randrange(1000 * unit)
    quarter = -(-requirement // 4)
    house = quarter + rng.choice([0, rng.randrange(500 * unit), 0, -1])
    for m in rng.sample(range(count), min(count, rng.choice([0, 1, 1, 1, 1, 2]))):
        members[m] = (rng.choice([needs[m] - 1, needs[m] // 2, max(needs[m], 1) - 1]), members[m][1])
    inputs, outputs, below = build(rng, instruments, trades, members, house, requirement, rng.randrange(3 * FRACTION))
    if house < quarter:
        return inputs, "less than a quarter of its capital requirement"
    if not members:
        return inputs, "there are no members"
    if trades and rng.random() < 0.05:
        inputs["secret"]["trades"][0]["quantity"] += 1
        return inputs, "the trades are not the registered ones"
    if any(margin < 0 for margin, _ in members):
        return inputs, "a margin is negative"
    if rng.random() < 0.05:
        inputs["secret"]["members"][0]["fund"] += 1
        return inputs, "the members' resources are not the registered ones"
    if len(below) > 1:
        return inputs, "more than one member is below its requirement"
    return inputs, outputs

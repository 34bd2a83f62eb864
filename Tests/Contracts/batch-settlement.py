"""Expiry of the cash-settled options of one series in exact integers."""
from poseidon2 import Tree, compress, hash_words, random_digest, text

USD = 10**6
NEXT = hash_words(1)
SERIES, EXPIRY = 5, 1_790_000_000
TERMS = ("balance", "series", "expiry", "kind", "strike", "quantity")


def leaf(number, account, blind):
    return compress(hash_words(number, *(account[name] for name in TERMS)), blind)


def option(balance, kind, strike, quantity, series=SERIES, expiry=EXPIRY):
    return {"balance": balance, "series": series, "expiry": expiry, "kind": kind, "strike": strike,
            "quantity": quantity}


def payoff(price, account):
    if (account["series"], account["expiry"]) != (SERIES, EXPIRY):
        return 0
    unit = price - account["strike"] if account["kind"] == 0 else account["strike"] - price
    return max(unit, 0) * account["quantity"]


def settled(account, price):
    if (account["series"], account["expiry"]) != (SERIES, EXPIRY):
        return account
    return option(account["balance"] + payoff(price, account), 0, 0, 0, 0, 0)


def render(accounts, blinds, price, depth):
    root = Tree([leaf(n, a, b) for n, (a, b) in enumerate(zip(accounts, blinds))], depth).root
    return {"public": {"old_root": text(root), "depth": depth, "series": SERIES, "expiry": EXPIRY,
                       "settlement": price},
            "secret": {"positions": [{"id": n} | a | {"blind": text(b)}
                                     for n, (a, b) in enumerate(zip(accounts, blinds))]}}


def after(accounts, blinds, price):
    return [settled(a, price) for a in accounts], [compress(b, NEXT) for b in blinds]


def build(rng, accounts, price, depth):
    blinds = [random_digest(rng) for _ in accounts]
    new = zip(*after(accounts, blinds, price))
    root = Tree([leaf(n, a, b) for n, (a, b) in enumerate(new)], depth).root
    paid = sum(max(payoff(price, a), 0) for a in accounts)
    return render(accounts, blinds, price, depth), {"new_root": (text(root), 0), "paid": (paid, 0)}


def draw(rng, pairs, price, others=0):
    """Longs and shorts of some options, in pairs of equal quantities; others expire elsewhere."""
    accounts = []
    for _ in range(pairs):
        kind, strike = rng.randrange(2), rng.randrange(1, 400) * USD // 2
        quantity = rng.randrange(1, 300)
        long = option(rng.randrange(10**5) * USD, kind, strike, quantity)
        due = payoff(price, long)
        accounts += [long, option(due + rng.choice([0, rng.randrange(10**5 * USD)]), kind, strike, -quantity)]
    for _ in range(others):
        accounts.append(option(rng.randrange(-10**5, 10**5) * USD, rng.randrange(4), rng.randrange(-5, 10**12),
                               rng.randrange(-10**6, 10**6),
                               *rng.choice([(SERIES, EXPIRY + 1), (SERIES + 1, EXPIRY), (0, 0), (EXPIRY, SERIES)])))
    rng.shuffle(accounts)
    return accounts


def sample(rng, count):
    price = 103 * USD + 12345
    accounts = draw(rng, (count + 1) // 2, price)
    return build(rng, accounts, price, max(1, (len(accounts) - 1).bit_length()))[0]


def case(rng):
    price = rng.randrange(0, 250 * USD)
    accounts = draw(rng, rng.randrange(0, 5), price, rng.randrange(3))
    due = [a for a in accounts if (a["series"], a["expiry"]) == (SERIES, EXPIRY)]
    if due and rng.random() < 0.15:
        account = rng.choice(due)
        account["balance"] = max(0, -payoff(price, account) - rng.choice([0, 1]))
    elif due and rng.random() < 0.15:
        rng.choice(due)["quantity"] += rng.choice([-1, 1])
    elif due and rng.random() < 0.1:
        fault = rng.choice([("kind", 2), ("kind", -1), ("strike", -1)])
        due[0][fault[0]] = fault[1]
        text_of = {"kind": "kind is 0 (call) or 1 (put)", "strike": "a strike is negative"}
        return build(rng, accounts, price, 4)[0], text_of[fault[0]]
    least = max(0, (len(accounts) - 1).bit_length())
    inputs, outputs = build(rng, accounts, price, rng.randrange(least, 5))
    if any(a["balance"] + payoff(price, a) < 0 for a in due):
        return inputs, "an account's collateral does not cover its position"
    if sum(payoff(price, a) for a in due):
        return inputs, "what is received is not what is paid"
    if rng.random() < 0.1 and accounts:
        changed = rng.choice(inputs["secret"]["positions"])
        if rng.random() < 0.5:
            changed["id"] += 1
            return inputs, "an account is not in its place"
        changed["blind"] = text(random_digest(rng))
        return inputs, "the positions are not those under the old root"
    return inputs, outputs

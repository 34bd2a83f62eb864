"""Attempts to look covered: balances, volatilities and positions of the prover's own."""
import copy
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from marks import TODAY
from poseidon2 import Tree, compress, exact, hash_words, q, random_digest, text

SHORT = "the equity is below the maintenance margin"
ROOT = "a balance is not under its chain's root"
RULE = {"spot": 60000, "rate": "0.04", "vol_up": "0.4", "vol_down": "0.28", "power": "0.3", "floor_days": 2,
        "short_minimum": "0.01", "maintenance": "0.5", "depth": 2}
CHAINS = ((1, 0), (3000, "0.1"), (60000, "0.2"))


def account(bench, balances, quantity=-10, **rule):
    """Inputs of an account that holds these balances and has sold calls."""
    rng, reference = bench.rng, bench.reference
    marks = [{"strike": 60000, "expiry": TODAY + 14, "vol": 0.62}, {"strike": 65000, "expiry": TODAY + 14, "vol": 0.1}]
    number, key = rng.randrange(10**6), random_digest(rng)
    public = {**RULE, "account": text(compress(hash_words(number), key)), **rule}
    secret = {"number": number, "key": text(key), "path": [], "positions": [
        {"quantity": quantity, "kind": 0, "strike": 60000, "expiry": TODAY + 14, "mark": 0}]}
    for c, (balance, (price, haircut)) in enumerate(zip(balances, CHAINS)):
        blind = random_digest(rng)
        leaves = [random_digest(rng) for _ in range(4)]
        leaves[c] = compress(hash_words(number, q(balance, 32)), blind)
        tree = Tree(leaves, 2)
        public = {f"root_{c}": text(tree.root), f"price_{c}": price, f"haircut_{c}": haircut, **public}
        secret.update({f"balance_{c}": exact(q(balance, 32)), f"blind_{c}": text(blind)})
        secret["path"] += tree.path(c)
    return reference.portfolio.published(rng, {"public": public, "secret": secret}, marks)


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def attempt(bench):
    poor = account(bench, (10000, 5, 0.5))
    bench.accept("enough", account(bench, (10000, 10, 1)))
    bench.refuse("too little", poor, SHORT)
    bench.refuse("a balance from nowhere", changed(poor, balance_0="900000000"), ROOT)
    bench.refuse("a balance on another chain", changed(poor, balance_1="10000", balance_0="5"), ROOT)
    rich = account(bench, (10**6, 10, 1))
    moved = changed(poor, **{x: rich["secret"][x] for x in ("balance_0", "blind_0")})
    moved["secret"]["path"][:2] = rich["secret"]["path"][:2]
    bench.refuse("another account's balance", moved, ROOT)
    bench.refuse("another account", changed(poor, number=rich["secret"]["number"]), "another account's")
    bench.refuse("a balance on two chains", changed(poor, balance_1="10000", blind_1=poor["secret"]["blind_0"]), ROOT)
    marks = poor["secret"]["marks"]
    for vol, trap in ((0.05, "not the published ones"), (0, "below 1 %"), (-0.6, "below 1 %"), (9, "above 400 %")):
        own = [{**m, "vol": vol} for m in marks]
        bench.refuse(f"a volatility of its own, {vol}", changed(poor, marks=own), trap)
    position = poor["secret"]["positions"][0]
    bench.refuse("another option's mark", changed(poor, positions=[{**position, "mark": 1}]), "another option's mark")
    for what, positions in (("an empty list", []), ("a smaller position", [{**position, "quantity": -1}]),
                            ("a hedge that was not committed to", [position, {**position, "quantity": 10}])):
        bench.refuse(what, changed(poor, positions=positions), "the records are not those that were committed to")
    debt = account(bench, (-1, 10, 2))
    bench.refuse("a balance below zero", debt, "a balance is negative")
    for name, value, trap in (("haircut_1", 2, "a haircut is above 1"), ("haircut_1", -9, "a haircut is negative"),
                              ("price_1", -1, "a price is negative")):
        bench.refuse(f"{name} of {value}", account(bench, (10000, 10, 1), **{name: value}), trap)
    bench.accept("3,000 million of collateral and 100,000 contracts", account(bench, (9 * 10**8, 3 * 10**5, 3 * 10**4), -10**5))

"""A position paid twice, at another price, by half, or from nowhere."""
from poseidon2 import Tree, random_digest, text

NOT_THOSE = "the positions are not those under the old root"


class Round:
    """Accounts, their blinds and the state that one settlement leaves."""

    def __init__(self, bench, accounts, blinds=None, depth=3):
        self.bench, self.rule, self.accounts, self.depth = bench, bench.reference, accounts, depth
        self.blinds = blinds or [random_digest(bench.rng) for _ in accounts]

    def inputs(self, price, **public):
        inputs = self.rule.render(self.accounts, self.blinds, price, self.depth)
        inputs["public"] |= public
        return inputs

    def root(self):
        return text(Tree([self.rule.leaf(n, a, b) for n, (a, b) in enumerate(zip(self.accounts, self.blinds))],
                         self.depth).root)

    def after(self, price):
        return Round(self.bench, *self.rule.after(self.accounts, self.blinds, price), self.depth)

    def settle(self, what, price, paid):
        """An honest settlement; the next round starts from its root."""
        found = self.bench.accept(what, self.inputs(price))
        then = self.after(price)
        self.bench.expect(f"{what}: root and sum", found == {"new_root": then.root(), "paid": str(paid)}, found)
        return then


def book(rule):
    usd, later = rule.USD, rule.EXPIRY + 86_400
    return [rule.option(0, 0, 100 * usd, 10), rule.option(5000 * usd, 0, 100 * usd, -10),
            rule.option(20 * usd, 1, 90 * usd, 3), rule.option(300 * usd, 1, 90 * usd, -3),
            rule.option(40 * usd, 0, 100 * usd, 7, expiry=later),
            rule.option(900 * usd, 0, 100 * usd, -7, rule.SERIES, later)]


def settled_once(bench, start):
    """The new leaf had another form than the old one, and one root was settled at two prices."""
    usd, rule = bench.reference.USD, bench.reference
    first = start.settle("the first round", 130 * usd, 300 * usd)
    bench.expect("positions that are gone", [a["quantity"] for a in first.accounts] == [0, 0, 0, 0, 7, -7])
    second = first.settle("the second round at another price pays nothing", 500 * usd, 0)
    second.settle("nor does the third", 0, 0)
    again = start.inputs(500 * usd, old_root=first.root())
    bench.refuse("the old positions under the new root", again, NOT_THOSE)
    mixed = Round(bench, first.accounts[:2] + start.accounts[2:], first.blinds[:2] + start.blinds[2:])
    bench.refuse("some old positions under the new root", mixed.inputs(130 * usd, old_root=first.root()), NOT_THOSE)
    bench.refuse("a position under its next blind", Round(bench, start.accounts, first.blinds).inputs(
        130 * usd, old_root=start.root()), NOT_THOSE)
    # Of another series or expiry nothing is paid, whatever the price.
    for public in ({"series": rule.SERIES + 1}, {"expiry": rule.EXPIRY + 1}, {"expiry": 0}):
        found = bench.accept("another series or expiry", start.inputs(500 * usd, **public))
        bench.expect("pays nothing", found.get("paid") == "0", found)
    bench.refuse("accounts without a position as a series", start.inputs(130 * usd, series=0), "series 0")
    inputs = start.inputs(130 * usd)
    for field, value in (("expiry", rule.EXPIRY), ("series", 0)):
        changed = [dict(p) for p in inputs["secret"]["positions"]]
        changed[4][field] = value
        changed[5][field] = value
        bench.refuse(f"a position moved by its {field}", dict(inputs, secret={"positions": changed}), NOT_THOSE)


def other_records(bench, start):
    usd = bench.reference.USD
    inputs = start.inputs(130 * usd)
    records = inputs["secret"]["positions"]

    def refuse(what, positions, trap):
        bench.refuse(what, dict(inputs, secret={"positions": positions}), trap)

    renumbered = lambda positions: [dict(p, id=n) for n, p in enumerate(positions)]
    refuse("omitted pair", renumbered(records[2:]), NOT_THOSE)
    refuse("omitted, numbers kept", records[2:], "an account is not in its place")
    refuse("omitted at the end", records[:4], NOT_THOSE)
    refuse("no accounts", [], NOT_THOSE)
    refuse("repeated", [*records[:2], *records[:2], *records[4:]], "an account is not in its place")
    refuse("repeated under other numbers", renumbered([*records[:2], *records[:2], *records[4:]]), NOT_THOSE)
    refuse("reordered", [records[1], records[0], *records[2:]], "an account is not in its place")
    refuse("more than there are", renumbered([*records, records[0], records[1]]), NOT_THOSE)
    refuse("more than the tree holds", renumbered(records + records), "the tree has more leaves")
    for changes in ({0: {"quantity": 20}, 1: {"quantity": -20}}, {0: {"quantity": 0}, 1: {"quantity": 0}},
                    {0: {"strike": 1}, 1: {"strike": 1}}, {2: {"kind": 0}, 3: {"kind": 0}}, {0: {"balance": 10**12}}):
        refuse("other terms", [dict(p, **changes.get(n, {})) for n, p in enumerate(records)], NOT_THOSE)
    halves = [dict(records[0], quantity=5), records[1], *records[2:], dict(records[0], id=6, quantity=5)]
    refuse("split in two", halves, NOT_THOSE)
    bench.refuse("a shallower tree", start.inputs(130 * usd, depth=2), "the tree has more leaves")
    bench.refuse("a deeper tree", start.inputs(130 * usd, depth=4), NOT_THOSE)


def bad_books(bench):
    """Roots that somebody did publish, and that may not be settled."""
    rule, usd = bench.reference, bench.reference.USD
    long, short = rule.option(0, 0, 100 * usd, 10), rule.option(5000 * usd, 0, 100 * usd, -10)
    for what, accounts, price, trap in (
            ("a long one without a short one", [long], 130 * usd, "what is received is not what is paid"),
            ("one lot more", [dict(long, quantity=11), short], 130 * usd, "what is received is not what is paid"),
            ("strikes a unit apart", [dict(long, strike=100 * usd - 1), short], 130 * usd, "what is received"),
            ("a short one a unit poorer", [long, dict(short, balance=300 * usd - 1)], 130 * usd, "does not cover"),
            ("a debt brought along", [dict(long, balance=-300 * usd - 1), short], 130 * usd, "does not cover"),
            ("another kind", [dict(long, kind=2), dict(short, kind=2)], 130 * usd, "kind is 0"),
            ("a negative strike", [dict(long, strike=-1), dict(short, strike=-1)], 130 * usd, "a strike is negative"),
            ("a negative price", [dict(long, kind=1), dict(short, kind=1)], -1, "the settlement price is negative"),
            ("beyond the words", [dict(long, quantity=2**40), dict(short, quantity=-(2**40))], 130 * usd, "overflow")):
        bench.refuse(what, Round(bench, accounts).inputs(price), trap)
    Round(bench, [long, dict(short, balance=300 * usd)]).settle("to the last unit", 130 * usd, 300 * usd)


def sizes(bench):
    # Calls at 100,000 on 10,000 BTC settle at 150,000; 300,000 contracts of 600,000 dollars at half of it.
    rule, usd = bench.reference, bench.reference.USD
    for strike, price, quantity in ((10**5, 150_000, 10_000), (600_000, 300_000, 300_000)):
        due = abs(price - strike) * quantity * usd
        kind = 0 if price > strike else 1
        pair = [rule.option(0, kind, strike * usd, quantity), rule.option(due, kind, strike * usd, -quantity)]
        Round(bench, pair * 10, None, 5).settle("sizes", price * usd, 10 * due)
    # An account that expires elsewhere stops nobody, whatever it holds.
    odd = rule.option(-(2**61), 9, -(2**61), 2**61, rule.SERIES, 1)
    Round(bench, [odd, *book(rule)]).settle("an odd account elsewhere", 130 * usd, 300 * usd)


def attempt(bench):
    start = Round(bench, book(bench.reference))
    settled_once(bench, start)
    other_records(bench, start)
    bad_books(bench)
    sizes(bench)

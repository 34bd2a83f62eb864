"""Another figure, another time or a second payout for one position."""
from poseidon2 import Tree, random_digest, text

TIME = 1_790_000_000
NOT_THERE = "the figure is not in the attested data set"
NOT_HELD = "the position is not the one that was committed to"


class Attester:
    """Figures at places of a tree, each leaf naming the series and time that it is given."""

    def __init__(self, bench, records, depth=3):
        self.rule, self.records = bench.reference, records
        self.blinds = [random_digest(bench.rng) for _ in records]
        leaves = [self.rule.figure_leaf(*record, blind) for record, blind in zip(records, self.blinds)]
        self.tree, self.depth = Tree(leaves, depth), depth

    def settle(self, place, position, series=3, time=TIME):
        """Inputs that settle a position (quantity, strike, cap, blind) with the figure at a place."""
        one, exact = self.rule.ONE, self.rule.exact
        quantity, strike, cap, blind = position
        digest = self.rule.position_leaf(series, time, quantity * one, strike * one, cap * one, blind)
        return {"public": {"root": text(self.tree.root), "depth": self.depth, "position": text(digest), "series": series,
                           "fixing_time": time},
                "secret": {"figure": exact(self.records[place][2]), "figure_blind": text(self.blinds[place]),
                           "quantity": exact(quantity * one), "strike": exact(strike * one), "cap": exact(cap * one),
                           "position_blind": text(blind), "path": self.tree.path(place)}}


def one_figure(bench, position):
    """Payouts of 0 and of 400 came from one set of public inputs, by figures of different ages."""
    one = bench.reference.ONE
    history = Attester(bench, [(3, TIME - 60 * (5 - i), (2500 + 100 * i) * one) for i in range(6)])
    for place in range(6):
        inputs = history.settle(place, position)
        trap = "the figure is not in its series' place" if place == 5 else NOT_THERE
        bench.refuse("a figure of the series' past", inputs, trap)
    day = Attester(bench, [(i, TIME, (2500 + 100 * i) * one) for i in range(6)])
    found = bench.accept("the figure of its place", day.settle(3, position))
    bench.expect("its payout", found.get("payout") == "300", found)
    for place in (0, 1, 2, 4, 5):
        bench.refuse("another series' figure", day.settle(place, position), NOT_THERE)
    for figure in (0, 10**5 * one, 2800 * one + 1):
        inputs = day.settle(3, position)
        inputs["secret"]["figure"] = bench.reference.exact(figure)
        bench.refuse("a figure of one's own", inputs, NOT_THERE)
    # An attester that lists one series twice: only its own place counts.
    twice = Attester(bench, [(3, TIME, 2500 * one), (1, TIME, 0), (2, TIME, 0), (3, TIME, 2900 * one)])
    bench.refuse("a second figure of the series", twice.settle(0, position), "the figure is not in its series' place")
    bench.expect("the first", bench.accept("the first", twice.settle(3, position)).get("payout") == "400")
    for records in ([(3, TIME + d, 2800 * one) if i == 3 else (i, TIME, 0) for i in range(6)] for d in (-1, 1, -86400)):
        bench.refuse("stale or future", Attester(bench, records).settle(3, position), NOT_THERE)
    return day


def another_position(bench, day, position):
    inputs = day.settle(3, position)
    for field, value in (("quantity", "2"), ("quantity", "-1"), ("quantity", "0"), ("strike", "2499"), ("cap", "401"),
                         ("position_blind", text(random_digest(bench.rng)))):
        bench.refuse(f"another {field}", dict(inputs, secret=inputs["secret"] | {field: value}), NOT_HELD)
    for field, value in (("fixing_time", TIME + 60), ("fixing_time", 0), ("series", 2), ("series", -1)):
        bench.refuse(f"another {field}", dict(inputs, public=inputs["public"] | {field: value}), NOT_HELD)
    for depth in (2, 0, -1):
        bench.refuse("another depth", dict(inputs, public=inputs["public"] | {"depth": depth}), NOT_THERE)
    path = [dict(step) for step in inputs["secret"]["path"]]
    path[2]["right"] = 1 - path[2]["right"]
    bench.refuse("another place", dict(inputs, secret=inputs["secret"] | {"path": path}), NOT_THERE)
    bench.refuse("a negative cap", day.settle(3, (1, 2500, -400, position[3])), "the cap is negative")
    # A place that the tree does not have.
    small = Attester(bench, [(9, TIME, 0), (9, TIME, 2800 * bench.reference.ONE)], 1)
    bench.refuse("a series beyond the tree", small.settle(1, position, series=9), "the figure is not in its series' place")


def repeated(bench, day, position):
    first = bench.accept("once", day.settle(3, position))
    later = Attester(bench, [(i, TIME, 2900 * bench.reference.ONE) for i in range(6)], 4)
    second = bench.accept("under another root", later.settle(3, position))
    bench.expect("one nullifier for one position", first.get("nullifier") == second.get("nullifier"), (first, second))
    other = bench.accept("another position", day.settle(3, (1, 2500, 400, random_digest(bench.rng))))
    bench.expect("another one for another", first.get("nullifier") != other.get("nullifier"))


def sizes(bench, position):
    one = bench.reference.ONE
    day = Attester(bench, [(0, TIME, 150_000 * one)], 0)
    for quantity, strike, cap, paid in ((10_000, 50_000, 200_000, 10**9), (-500_000_000, 50_000, 100_000, -5 * 10**13),
                                        (1, 0, 0, 0), (0, 0, 10**9, 0)):
        found = bench.accept("sizes", day.settle(0, (quantity, strike, cap, position[3]), series=0))
        bench.expect(f"sizes: {paid}", found.get("payout") == str(paid), found)
    bench.refuse("a payout beyond the format", day.settle(0, (10**9, 50_000, 100_000, position[3]), series=0), "overflow")


def attempt(bench):
    position = (1, 2500, 400, random_digest(bench.rng))
    day = one_figure(bench, position)
    another_position(bench, day, position)
    repeated(bench, day, position)
    sizes(bench, position)

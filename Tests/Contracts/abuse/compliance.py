"""Positions made to look smaller, or absent; another's or yesterday's book; a second report; what an opening tells."""
import copy

from poseidon2 import chain, compress, exact, hash_words, random_digest, text

ONE = 1 << 32
BOOK = "the positions are not those that the custodian attested for the period"
PRICE = "a price is not the published one"
RISE = "the instruments do not rise"
SINGLE = "a position is above the limit of one instrument"


def attempt(bench):
    rule = bench.reference
    # Member 1 holds 900,000 of instrument 4 and 50,000 of instrument 6; member 2 is revoked.
    prices = [ONE, 2 * ONE, 100 * ONE, 100 * ONE, 100 * ONE, ONE // 1000, 5 * ONE, 100 * ONE]
    large = [(4, 9000), (6, -10000)]
    books = [[(0, 10)], large, [(1, 1)], []]

    def world(books=books, prices=prices, period=202611):
        return rule.World(bench.rng, [10, 20, 30, 40], [15, 30, 50], period, prices, books)

    published = world()

    def built(index=1, single=900_000, gross=950_000, where=published):
        return where.inputs(bench.rng, index, gross << 16, single << 16)

    def changed(inputs, **values):
        other = copy.deepcopy(inputs)
        for name, value in values.items():
            other["public" if name in other["public"] else "secret"][name] = value
        return other

    def holding(rows, where=published, inputs=None, single=100_000):
        """The account's inputs with these (instrument, quantity, price) and a path of the price for each."""
        other = copy.deepcopy(inputs or built(single=single, where=where))
        paths = other["secret"]["path"]
        head, tail = paths[:where.members.depth + where.listed.depth], paths[-where.attested.depth:]
        for instrument, _, _ in rows:
            head = head + where.market.path(instrument % len(prices))
        other["secret"]["path"] = head + tail
        other["secret"]["holdings"] = [{"instrument": i, "quantity": n, "price": p} for i, n, p in rows]
        return other

    honest = built()
    first = bench.accept("honest", honest)
    bench.refuse("one position above its limit", built(single=899_999), SINGLE)
    bench.refuse("all above the gross limit", built(gross=949_999), "the positions are above the gross limit")
    bench.refuse("a short position is one", built(single=49_999), SINGLE)

    # 900,000 in nine rows of 100,000, under a limit of 100,000.
    bench.refuse("nine rows", holding([(4, 1000, 100)] * 9), RISE)
    split = world([books[0], [(4, 1000)] * 9, *books[2:]])
    bench.refuse("nine rows, attested so", holding([(4, 1000, 100)] * 9, split), RISE)
    bench.refuse("rows under other instruments of that price",
                 holding([(2, 1000, 100), (3, 1000, 100), (4, 1000, 100), (7, 1000, 100)]), BOOK)
    wrapped = holding([(4 + 8 * i, 1000, 100) for i in range(9)])
    bench.refuse("numbers that have no place in the tree", wrapped, PRICE)
    bench.refuse("long and short of one instrument", holding([(4, 9000, 100), (4, -8999, 100)]), SINGLE)
    bench.refuse("netted by hand", holding([(4, 1, 100)]), BOOK)

    # Prices.
    bench.refuse("a price of 0", holding([(4, 10**9, 0)]), "a price is not positive")
    bench.refuse("a negative price", holding([(4, 9000, -100)]), "a price is not positive")
    bench.refuse("an ulp", holding([(4, 9000, exact(1))]), PRICE)
    bench.refuse("half", holding([(4, 9000, 50)]), PRICE)
    cheaper = holding([(4, 9000, exact(ONE // 1000))])
    cheaper["secret"]["path"] = holding([(5, 9000, 0)])["secret"]["path"]
    bench.refuse("the price of another instrument", cheaper, PRICE)
    renamed = holding([(5, 9000, exact(ONE // 1000)), (6, -10000, 5)])
    bench.refuse("the position under a cheaper instrument", renamed, BOOK)
    bench.refuse("yesterday's prices", changed(honest, prices=text(world(prices=[ONE] * 8).market.root)), PRICE)
    zero = world(prices=[0 if i == 4 else p for i, p in enumerate(prices)])
    bench.refuse("a price of 0, published", built(where=zero), "a price is not positive")
    swapped = world()
    swapped.market = rule.Tree([rule.hash_words(i ^ 1, p) for i, p in enumerate(prices)], 3)
    crossed = holding([(4, 9000, exact(prices[5])), (6, -10000, exact(prices[7]))], swapped)
    crossed["secret"]["path"] = (crossed["secret"]["path"][:swapped.members.depth + swapped.listed.depth]
                                 + swapped.market.path(5) + swapped.market.path(7) + crossed["secret"]["path"][-2:])
    bench.refuse("a tree with an instrument at another's place", crossed, "a price is that of another instrument")

    # Positions left out, repeated, reordered, changed; another book.
    bench.refuse("no positions", holding([]), BOOK)
    bench.refuse("the large one left out", holding([(6, -10000, 5)]), BOOK)
    bench.refuse("of zero", holding([(4, 0, 100), (6, -10000, 5)]), BOOK)
    bench.refuse("twice", holding([(6, -10000, 5), (6, -10000, 5)]), RISE)
    bench.refuse("reordered", holding([(6, -10000, 5), (4, 1000, 100)]), RISE)
    bench.refuse("a negative instrument", holding([(-1, 1, 1)]), RISE)
    bench.refuse("the other sign", holding([(4, -9000, 100), (6, -10000, 5)], single=900_000), BOOK)
    bench.refuse("one lot less", holding([(4, 8999, 100), (6, -10000, 5)], single=900_000), BOOK)
    other = built(0)
    mixed = changed(honest, holdings=other["secret"]["holdings"], book_blind=other["secret"]["book_blind"],
                    path=honest["secret"]["path"][:published.members.depth + published.listed.depth]
                    + other["secret"]["path"][published.members.depth + published.listed.depth:])
    bench.refuse("another member's book", mixed, BOOK)
    bench.refuse("last month's book", changed(honest, period=202612), BOOK)
    stale = world([books[0], [(0, 1)], *books[2:]], period=202610)
    old = changed(built(where=stale), period=202611)
    bench.refuse("an old small book under its own root", old, BOOK)
    bench.refuse("another blind", changed(honest, book_blind=text(random_digest(bench.rng))), BOOK)
    bench.refuse("the tree of members as the books", changed(honest, books=honest["public"]["members"]), BOOK)
    empty = bench.accept("an empty book that the custodian attested", built(3))
    bench.expect("has its own nullifier", empty.get("nullifier") != first.get("nullifier"))

    # Who reports.
    bench.refuse("a revoked member", built(2), "the account is revoked")
    bench.refuse("other neighbours", changed(honest, low=19, high=21), "the neighbours are not on the list of revoked accounts")
    start = published.members.depth
    for number, (low, high) in ((0, (-1, 15)), (2, (30, 50))):
        below = changed(honest, low=low, high=high)
        below["secret"]["path"][start:start + published.listed.depth] = published.listed.path(number)
        bench.refuse(f"the neighbours {low} and {high}", below, "the account is revoked")
    bench.refuse("the whole line as neighbours", changed(honest, low=-1, high=2**40), "the neighbours are not on the list")
    bench.refuse("a stranger", changed(honest, key=text(random_digest(bench.rng))), "the account is not on the list")
    bench.refuse("another's name", changed(honest, id=10), "the account is not on the list")
    again = bench.accept("a second report", built(gross=1_000_000))
    bench.expect("shows by its nullifier", again.get("nullifier") == first.get("nullifier"))

    # What opens one period's positions to a supervisor opens no other's, and is not the key.
    later = world(period=202612)
    later.keys, later.members = published.keys, published.members
    second = bench.accept("the same positions a period later", built(where=later))
    bench.expect("have another commitment", first.get("positions") != second.get("positions"))
    held, key = chain([hash_words(*row) for row in large]), published.keys[1]
    shown = {period: compress(hash_words(4, period), key) for period in (202611, 202612)}
    for period, outputs in ((202611, first), (202612, second)):
        bench.expect(f"{period} opens with its own blind", outputs.get("positions") == text(compress(held, shown[period])))
        bench.expect(f"{period} doesn't open with the key", outputs.get("positions") != text(compress(held, key)))
        nullifiers = [text(compress(hash_words(2, p), shown[period])) for p in shown]
        bench.expect(f"what opens {period} makes no nullifier", not {first["nullifier"], second["nullifier"]} & {*nullifiers})

    # Real sizes: 60,000 lots of 20,000; 100,000 coins; a million million tokens of a hundred-thousandth.
    real = [20_000 * ONE, 160_000 * ONE, ONE // 100_000]
    sizes = world([[], [(0, 60_000), (1, -100_000), (2, 10**12)], [], []], real)
    bench.accept("real sizes", built(single=20_000_000_000, gross=20_000_000_000, where=sizes))
    for quantity in (2**62 - 1, -2**61):
        over = world([[], [(0, quantity)], [], []], real)
        bench.refuse(f"{quantity} lots", built(single=2**45, gross=2**45, where=over), "mul.ceil")

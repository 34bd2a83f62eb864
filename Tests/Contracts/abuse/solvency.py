"""Debts that cost nothing, accounts and reserves that are not there, another table."""
import copy

from poseidon2 import chain, hash_words, q, text

ONE = 1 << 32
FREE = "an asset's price is not positive"
DEBT = "a customer owes more than the account is worth"
RESERVE = "an asset's reserve is below what customers hold of it"
TABLE = "the table of assets is not the published one"
COLUMNS = (("price", 32), ("ratio", 48), ("reduced", 48), ("limit", 32), ("reserve", 32))


def attempt(bench):
    rule = bench.reference

    # A customer holds 100 of asset 5; the exchange has none of it, and 1,000 of asset 0 at a price of 1.
    def built(price=ONE, customers=((100, 0),), reserve=0, ratio=rule.FRACTION):
        rows = [{"price": ONE, "ratio": ratio, "reduced": ratio // 2, "limit": 10**6 * ONE, "reserve": 0}
                for _ in range(rule.ASSETS)]
        rows[0]["reserve"] = 1000 * ONE
        rows[5].update(price=price, reserve=reserve * ONE)
        accounts = []
        for five, zero in customers:
            balances = [0] * rule.ASSETS
            balances[5], balances[0] = five * ONE, zero * ONE
            accounts.append(balances)
        return rule.inputs(bench.rng, accounts, rows, 2)[0]

    def written(price, inputs):
        """The price in the table as a person writes it; the published chain follows."""
        other = copy.deepcopy(inputs)
        other["secret"]["assets"][5]["price"] = price
        other["public"]["market"] = text(chain([hash_words(*(q(row[k], bits) for k, bits in COLUMNS))
                                                for row in other["secret"]["assets"]]))
        return other

    bench.accept("honest", built(reserve=100))
    bench.refuse("a reserve that is short", built(reserve=99), RESERVE)

    # An invented account that owes what is missing.
    owing = built(customers=((100, 0), (-100, 0)))
    bench.refuse("an account that owes without collateral", owing, DEBT)
    bench.refuse("and less collateral than it owes", built(customers=((100, 0), (-100, 99))), DEBT)
    bench.refuse("and its collateral after a haircut", built(customers=((100, 0), (-100, 199)), ratio=rule.FRACTION // 2), DEBT)
    bench.accept("owing with as much collateral, without haircut", built(customers=((100, 0), (-100, 100))))
    bench.refuse("and more collateral than is held", built(customers=((100, 0), (-100, 1001))), RESERVE)

    # What it owes is worth nothing.
    million = built(customers=((900_000_000, 0), (-900_000_000, 0)))
    bench.refuse("a price of 0", built(price=0, customers=((100, 0), (-100, 0))), FREE)
    bench.refuse("a price that rounds to 0", written("0.0000000001", million), FREE)
    bench.refuse("the least price that does not", written("0.0000000002", million), DEBT)
    bench.refuse("a negative price", built(price=-ONE, customers=((100, 0), (-100, 0))), FREE)
    bench.refuse("a price of 0 without a debt", built(price=0, reserve=100), FREE)

    # Another table.
    for name, value in (("price", "0.5"), ("ratio", "0.9"), ("reduced", "0.4"), ("limit", "1"), ("reserve", "99")):
        other = built(reserve=100)
        other["secret"]["assets"][5][name] = value
        bench.refuse(f"another {name}", other, TABLE)
    swapped = built(reserve=100)
    swapped["secret"]["assets"][0], swapped["secret"]["assets"][5] = (swapped["secret"]["assets"][i] for i in (5, 0))
    bench.refuse("two assets exchanged", swapped, TABLE)
    bench.refuse("a ratio above 1", built(reserve=100, ratio=rule.FRACTION + 1), "a haircut ratio is above 1")

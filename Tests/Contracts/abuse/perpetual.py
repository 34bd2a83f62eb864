"""Balances from nowhere, owners robbed in liquidations, one account as two, numbers beyond the limits."""
from fractions import Fraction
from poseidon2 import random_digest, text

ASSET = 7
SMALL = Fraction(13, 256)


class Table:
    """Accounts and terms for one attempt; what is not named is as in an honest trade."""

    def __init__(self, bench):
        self.bench, self.rule = bench, bench.reference

    def account(self, number, collateral, size, index=0):
        return self.rule.Account(number, collateral, size, index, random_digest(self.bench.rng))

    def terms(self, kind=0, price=2000, trade_price=None, maintenance=SMALL, rates=(0, 0), index=0):
        return {"kind": kind, "price": price, "trade_price": price if trade_price is None else trade_price,
                "maintenance": Fraction(maintenance), "rates": [Fraction(r) for r in rates], "index": index}

    def inputs(self, terms, account, bought, counterparty=None, fees=None):
        counterparty = counterparty or self.account(12, 10**9, 0)
        return self.rule.render(ASSET, terms, account, counterparty, fees or self.account(0, 5000, 0), bought)


def becomes(table, what, terms, account, bought, collateral, size, counterparty=None):
    """The account must be this one afterwards; every other one would have another digest."""
    outputs = table.bench.accept(what, table.inputs(terms, account, bought, counterparty))
    expected = account.moved(collateral - account.collateral, size - account.size)
    expected.index = terms["index"]
    table.bench.expect(f"{what}: the account", outputs.get("account_after") == text(expected.digest(ASSET)))


def money_from_nowhere(table, bench):
    # 100 became 1,000,000,000 and a flat account's −100 became −1,000,000 when the new balance was an input.
    bench.refuse("100 to 1,000,000,000 without a trade", table.inputs(table.terms(), table.account(11, 100, 0), 0),
                 "nothing is traded")
    becomes(table, "a trade leaves what the price says", table.terms(price=20), table.account(11, 100, 0), 1, 80, 1)
    for bought in (1, -1, 500):
        bench.refuse("a flat account's debt", table.inputs(table.terms(), table.account(11, -100, 0), bought),
                     "an unhealthy position may not grow")
    inputs = table.inputs(table.terms(), table.account(11, 5000, 1), -1)
    inputs["secret"]["collateral"] += 10**9
    bench.refuse("more collateral than was committed to", inputs, "the account is not the one")
    inputs = table.inputs(table.terms(rates=(Fraction(1, 512), 0)), table.account(11, 5000, 1), -1)
    inputs["secret"]["fees_collateral"] += 1
    bench.refuse("another fees' account", inputs, "the fees' account is not the one")
    for rates in ((-1, 0), (0, Fraction(-1, 2**48)), (1, 0)):
        bench.refuse("a fee that pays", table.inputs(table.terms(rates=rates), table.account(11, 50000, 1), -1),
                     "a fee rate is not in 0 … 1")


def robbed_owners(table, bench):
    # Worth 800 under a requirement of 914: the liquidation that left the owner nothing.
    owner = lambda: table.account(11, -17200, 9)
    becomes(table, "a whole liquidation leaves 800", table.terms(kind=1), owner(), -9, 800, 0)
    for price in (1911, 1, 1999):
        bench.refuse("a liquidation below the price", table.inputs(table.terms(kind=1, trade_price=price), owner(), -9),
                     "a liquidation's price is worse")
    short = table.account(11, 18800, -9)
    bench.refuse("a short one above the price", table.inputs(table.terms(kind=1, trade_price=2001), short, 9),
                 "a liquidation's price is worse")
    bench.refuse("a deleverage of one with value", table.inputs(table.terms(kind=2, trade_price=0), owner(), -9),
                 "the account's status does not allow this")
    bench.refuse("a liquidation of a healthy one", table.inputs(table.terms(kind=1), table.account(11, 0, 9), -9),
                 "the account's status does not allow this")
    for size, bought in ((9, -10), (9, -18), (-9, 10)):
        broke = table.account(11, -size * 2000 + 800, size)
        bench.refuse("a liquidation that turns the position", table.inputs(table.terms(kind=1), broke, bought),
                     "may not turn")
    bench.refuse("a liquidation that buys more", table.inputs(table.terms(kind=1), owner(), 1), "must make the position")
    charged = table.terms(kind=1, rates=(Fraction(1, 16), 0))
    bench.refuse("a fee above what is left", table.inputs(charged, owner(), -9),
                 "the update worsens value over requirement")
    bench.refuse("a fee that a part cannot bear", table.inputs(charged, owner(), -1),
                 "the update worsens value over requirement")
    # Less than nothing is left: the loss is shared out at the account's own price, to the last unit.
    becomes(table, "a deleverage in one", table.terms(kind=2, trade_price=0), table.account(11, -18901, 9), -5, -8400, 4,
            table.account(12, 10**6, -9))
    becomes(table, "a deleverage of all", table.terms(kind=2, trade_price=0), table.account(11, -18901, 9), -9, 0, 0,
            table.account(12, 10**6, -9))


def split_and_repeated(table, bench):
    """Nine liquidations of one lot leave what one of nine leaves; each proof needs the one before."""
    terms, account, other = table.terms(kind=1, price=2000), table.account(11, -17200, 9), table.account(12, 10**6, 0)
    fees = table.account(0, 5000, 0)
    unhealthy = 0
    while account.size:
        inputs = table.inputs(terms, account, -1, other, fees)
        if account.collateral + account.size * 2000 >= SMALL * account.size * 2000:
            bench.refuse("a further lot of a healthy account", inputs, "the account's status does not allow this")
            break
        outputs = bench.accept("a lot", inputs)
        again = dict(inputs, public=dict(inputs["public"], account_before=outputs["account_after"]))
        bench.refuse("the same proof again", again, "the account is not the one")
        again = dict(inputs, public=dict(inputs["public"], counterparty_before=outputs["counterparty_after"]))
        bench.refuse("the counterparty's side again", again, "the counterparty is not the one")
        account, other, fees = account.moved(2000, -1), other.moved(-2000, 1), fees.moved(0, 0)
        bench.expect("the chain", (outputs["account_after"], outputs["counterparty_after"], outputs["fees_after"])
                     == tuple(text(x.digest(ASSET)) for x in (account, other, fees)))
        unhealthy += 1
    bench.expect("a liquidation in parts ends where the account is healthy", (unhealthy, account.collateral) == (2, -13200))


def one_account_as_two(table, bench):
    account = table.account(11, 50000, 9)
    bench.refuse("with itself", table.inputs(table.terms(), account, -5, account), "an account cannot trade with itself")
    bench.refuse("with its number under another blind",
                 table.inputs(table.terms(), account, -5, table.account(11, 10**9, 0)), "cannot trade with itself")
    fees = table.account(0, 10**9, 0)
    bench.refuse("with the fees' account", table.inputs(table.terms(), account, -5, fees, fees),
                 "the fees' account cannot trade")
    bench.refuse("for the fees' account", table.inputs(table.terms(), fees, 5, None, fees),
                 "the fees' account cannot trade")
    holder = table.inputs(table.terms(), account, -5, None, table.account(0, 10**9, 3))
    bench.refuse("a fees' account with a position", holder, "without a position")
    bench.refuse("a counterparty that cannot carry it",
                 table.inputs(table.terms(), account, -5, table.account(12, 100, 0)), "may not grow")
    bench.refuse("a ruinous price for the counterparty",
                 table.inputs(table.terms(trade_price=10**6), account, -9, table.account(12, 20000, 0)), "may not grow")
    for size in (1, 0, -3):
        bench.refuse("a deleverage against one without the position",
                     table.inputs(table.terms(kind=2, trade_price=0), table.account(11, 7900, -4), 2,
                                  table.account(12, 5000, size)), "no position to match")


def stale_or_foreign(table, bench):
    inputs = table.inputs(table.terms(index=40), table.account(11, 50000, 9, 30), -5)
    inputs["secret"]["index"] = 40
    bench.refuse("funding left out", inputs, "the account is not the one")
    becomes(table, "funding paid", table.terms(index=40), table.account(11, 50000, 9, 30), -9, 50000 - 90 + 18000, 0)
    becomes(table, "funding received", table.terms(index=40), table.account(11, 50000, -9, 30), 9, 50000 + 90 - 18000, 0)
    inputs = table.inputs(table.terms(), table.account(11, 50000, 9), -5)
    inputs["public"]["asset"] = ASSET + 1
    bench.refuse("an account of another asset", inputs, "the account is not the one")
    bench.refuse("a price for a deleverage", table.inputs(table.terms(kind=2, trade_price=2000),
                 table.account(11, 7900, -4), 2, table.account(12, 5000, 3)), "a deleverage has no price")
    for kind in (-1, 3):
        inputs["public"] |= {"asset": ASSET, "kind": kind}
        bench.refuse("a kind of its own", inputs, "kind is 0")
    for maintenance in (0, Fraction(-1, 32), Fraction(3, 4)):
        bench.refuse("no requirement", table.inputs(table.terms(maintenance=maintenance), table.account(11, 9, 9), -5),
                     "the maintenance fraction")
    for terms in (table.terms(price=0, trade_price=5), table.terms(price=-2000, trade_price=5),
                  table.terms(trade_price=0), table.terms(trade_price=-5)):
        bench.refuse("no price", table.inputs(terms, table.account(11, 50000, 9), -5), "a price is not positive")


def sizes(table, bench):
    # 10,000 BTC at 100,000, in lots of 0.0001 BTC at ten dollars; then twenty times as much.
    becomes(table, "10,000 BTC", table.terms(price=10**7, trade_price=10**7), table.account(11, 10**15, 0), 10**8, 0, 10**8,
            table.account(12, 10**15, 0))
    becomes(table, "200,000 BTC in lots ten times as large", table.terms(price=10**8, trade_price=10**8),
            table.account(11, 2 * 10**16, 2 * 10**8), -4 * 10**8, 6 * 10**16, -2 * 10**8, table.account(12, 6 * 10**16, 0))
    top = table.account(11, -(2**59), 2**29)
    becomes(table, "the largest", table.terms(kind=1, price=2**30, maintenance=Fraction(1, 2)), top, -1,
            -(2**59) + 2**30, 2**29 - 1)
    for account, bought, message in (
            (table.account(11, 2**60 + 1, 1), 1, "an amount is above 2^60"),
            (table.account(11, -(2**60) - 1, 1), -1, "an amount is above 2^60"),
            (table.account(11, 2**60, 2**29 + 1), -1, "a size is above 2^29"),
            (table.account(11, 2**60, 2**29), 1, "a size is above 2^29"),
            (table.account(11, 2**60 - 1999, 1), -1, "an amount is above 2^60"),
            (table.account(11, 0, 1, 2**31 + 1), -1, "the funding index is more than 2^31")):
        bench.refuse("beyond a limit", table.inputs(table.terms(), account, bought), message)
    paying = table.inputs(table.terms(rates=(Fraction(1, 2), 0)), table.account(11, 50000, 9), -5, None,
                          table.account(0, -(2**60) - 1, 0))
    bench.refuse("a debt of the fees' account beyond the limit", paying, "an amount is above 2^60")
    bench.refuse("beyond the price's limit", table.inputs(table.terms(price=2**31 + 1), table.account(11, 0, 1), -1),
                 "a price is above 2^31")


def attempt(bench):
    table = Table(bench)
    money_from_nowhere(table, bench)
    robbed_owners(table, bench)
    split_and_repeated(table, bench)
    one_account_as_two(table, bench)
    stale_or_foreign(table, bench)
    sizes(table, bench)

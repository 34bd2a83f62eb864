"""Attempts to enter an order that its owner cannot pay for."""
import copy
from poseidon2 import exact, random_digest, text

HELD = "the deposit is not what the venue holds for the owner"
ONE = 1 << 32


def order(bench, cash=12500, lots=0, **changes):
    """Inputs whose deposit is the venue's."""
    key, blind = random_digest(bench.rng), random_digest(bench.rng)
    return {"public": {"levels": 256, "lowest": 90, "tick": "0.25", "largest": 5000,
                       "deposit": bench.reference.deposit(cash * ONE, lots, key, blind)},
            "secret": {"side": 0, "price": 44, "size": 120, "cash": exact(cash * ONE), "lots": lots, "key": text(key),
                       "blind": text(random_digest(bench.rng)), "deposit_blind": text(blind), **changes}}


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def attempt(bench):
    honest = order(bench)
    bench.accept("a buy that is covered", honest)
    bench.accept("a sell that is covered", order(bench, 0, 120, side=1))
    poor = order(bench, 0)
    bench.refuse("a buy without cash", poor, "the cash does not cover the order")
    bench.refuse("cash from nowhere", changed(poor, cash=900_000_000), HELD)
    bench.refuse("lots from nowhere", changed(poor, side=1, lots=120), HELD)
    bench.refuse("another owner's deposit", changed(honest, key=poor["secret"]["key"]), HELD)
    other = changed(poor, cash=12500, deposit_blind=honest["secret"]["deposit_blind"])
    other["public"]["deposit"] = honest["public"]["deposit"]
    bench.refuse("another owner's deposit, named", other, HELD)
    bench.refuse("a debt", order(bench, -1), "the cash does not cover the order")
    for what, changes, trap in (
            ("a side of 2", {"side": 2}, "side is 0"), ("a size of zero", {"size": 0}, "the size is not positive"),
            ("a negative size", {"size": -120}, "the size is not positive"),
            ("too large a size", {"size": 5001}, "above the largest"), ("a limit below the grid", {"price": -1}, "below the batch"),
            ("a limit above the grid", {"price": 256}, "above the batch")):
        bench.refuse(what, changed(honest, **changes), trap)

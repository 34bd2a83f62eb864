"""Attempts to settle a period's interest without having paid it."""
import copy

TERMS = "these are not the terms that were agreed on"
PAYMENT = "this is not the payment that the bank received"


def loan(bench, **changes):
    terms = {"fixing": "0.0312", "days": 91, "due": 20260930, "loan": 1207, "drawn": 2500000, "spread": "0.0175",
             "floor": "0.04", "paid": "30775.70"}
    return bench.reference.inputs_of(bench.rng, **{**terms, **changes})


def changed(inputs, **secret):
    inputs = copy.deepcopy(inputs)
    inputs["secret"].update(secret)
    return inputs


def attempt(bench):
    honest = loan(bench)
    bench.accept("paid in full", honest)
    bench.refuse("a cent short", loan(bench, paid="30775.69"), "less was paid than is due")
    zeros = {name: 0 for name in ("drawn", "spread", "floor", "paid")}
    bench.refuse("everything zero", changed(honest, **zeros), TERMS)
    bench.refuse("everything zero, the loan's number and the blinds too", changed(
        honest, **zeros, loan=0, agreement_blind="0x" + "0" * 64, receipt_blind="0x" + "0" * 64), TERMS)
    for name, value in (("drawn", 0), ("drawn", "0.01"), ("drawn", -2500000), ("spread", -1), ("floor", -1), ("loan", 1208)):
        bench.refuse(f"{name} of {value}", changed(honest, **{name: value}), TERMS)
    for value in ("30775.71", 10**9, "30775.69"):
        bench.refuse(f"a payment of {value} that the bank did not see", changed(honest, paid=value), PAYMENT)
    paid = {name: honest["secret"][name] for name in ("paid", "receipt_blind")}
    for what, other in (("the payment of the period before", loan(bench, due=20260630)),
                        ("another loan's payment", loan(bench, loan=1208))):
        other = copy.deepcopy(changed(other, **paid))
        other["public"]["receipt"] = honest["public"]["receipt"]
        bench.refuse(what, other, PAYMENT)
    bench.refuse("an agreement on a negative amount", loan(bench, drawn=-2500000), "the amount drawn is negative")
    for days in (0, -91):
        bench.refuse(f"a period of {days} days", loan(bench, days=days, paid=0), "the period has no days")
    large = bench.reference.interest("0.0312", 366, 10**9, "0.0175", "0.04")
    bench.accept("a loan of 10^9 for a year", loan(bench, days=366, drawn=10**9, paid=f"{float(large) + 0.01:.2f}"))
    bench.refuse("the same a cent short", loan(bench, days=366, drawn=10**9, paid=f"{float(large) - 0.01:.2f}"),
                 "less was paid than is due")

"""One liquidation paid otherwise, or twice; a receipt that opens its leaf."""
from poseidon2 import Tree, compress, hash_words, random_digest, text

REASON = "the liquidation is not under the root"


def other_figures(bench, rule):
    """The same leaf paid 128, drew on the fund or drained it when the figures were the prover's."""
    honest, outputs = rule.build(bench.rng, rule.ordinary(), rule.FRACTION // 200, 10**12, 6, 3)
    found = bench.accept("honest", honest)
    bench.expect("honest: the owner's part", found.get("owner") == str(outputs["owner"][0]) == "222500000", found)
    usd = 10**6
    for field, values in {"entry": (1, 999 * usd, 1100 * usd), "collateral": (0, 10**18, 53_999_999_999),
                          "funding": (0, -(10**18), 10**18), "price": (959 * usd, 10**9), "size": (-1200, 1, 1201),
                          "account": (4712,), "liquidator": (4711, 0), "time": (0, 1_790_000_001)}.items():
        for value in values:
            changed = dict(honest, secret=honest["secret"] | {field: value})
            bench.refuse(f"{field} {value}", changed, REASON)
    for blind in (random_digest(bench.rng), (0, 0, 0, 0)):
        bench.refuse("another blind, for another nullifier", dict(honest, secret=honest["secret"] | {"blind": text(blind)}),
                     REASON)
    return honest, found


def repeated(bench, rule, honest, found):
    """One leaf has one nullifier: in a later root, in two places, in a deeper tree, at another fee or fund."""
    event, blind = rule.ordinary(), random_digest(bench.rng)
    leaf = rule.leaf(event, blind)
    filler = [random_digest(bench.rng) for _ in range(3)]
    seen = set()
    for leaves, index, depth in (([leaf], 0, 0), ([leaf, *filler], 0, 2), ([*filler, leaf], 3, 2), ([leaf, leaf], 0, 1),
                                 ([leaf, leaf], 1, 1), ([leaf], 0, 4)):
        tree = Tree(leaves, depth)
        for rate, insurance in ((0, 0), (rule.FRACTION // 200, 10**12)):
            inputs = {"public": {"liquidations": text(tree.root), "depth": depth, "insurance": insurance,
                                 "fee_rate": rule.exact(rate, 48)},
                      "secret": event | {"blind": text(blind), "path": tree.path(index)}}
            seen.add(bench.accept("again", inputs).get("nullifier"))
    bench.expect("one nullifier for one liquidation", len(seen) == 1, seen)
    bench.expect("another one for another", found.get("nullifier") not in seen)
    bench.expect("it is not the receipt", found.get("nullifier") != found.get("receipt"))
    path = honest["secret"]["path"]
    for shorter in (dict(honest["public"], depth=2), dict(honest["public"], depth=0), dict(honest["public"], depth=-1)):
        bench.refuse("another depth", {"public": shorter, "secret": honest["secret"]}, REASON)
    swapped = [dict(path[0], right=1 - path[0]["right"]), *path[1:]]
    bench.refuse("another place", dict(honest, secret=honest["secret"] | {"path": swapped}), REASON)


def opened(bench, rule, honest, found):
    """Whoever is shown the receipt finds neither the leaf nor, for each leaf, what its nullifier would be."""
    event = rule.ordinary()
    blind = tuple(int(honest["secret"]["blind"][i:i + 16], 16) for i in range(2, 66, 16))
    amounts = [int(found[name]) for name in ("owner", "fee", "insured", "socialized")]
    paper = hash_words(event["account"], event["liquidator"], event["time"], *amounts)
    shown = compress(hash_words(2), blind)
    bench.expect("the receipt opens with the derived blind", found.get("receipt") == text(compress(paper, shown)), found)
    bench.expect("and not with the leaf's", found.get("receipt") != text(compress(paper, blind)))
    leaf = rule.leaf(event, blind)
    bench.expect("what opens it closes no leaf", rule.leaf(event, shown) != leaf)
    bench.expect("and makes no nullifier", found.get("nullifier") != text(compress(leaf, shown)))


def made(bench, rule, change, rate=None, insurance=10**12):
    """A leaf that whoever made the tree did put there."""
    return rule.build(bench.rng, rule.ordinary() | change, rule.FRACTION // 200 if rate is None else rate, insurance)


def absurd(bench, rule):
    for change, message in (({"size": 0}, "nothing was liquidated"), ({"price": 0}, "a price is not positive"),
                            ({"entry": -1}, "a price is not positive"), ({"price": 2**31 + 1}, "a price is above"),
                            ({"entry": 2**31 + 1}, "a price is above"), ({"size": 2**29 + 1}, "a size is above"),
                            ({"size": -(2**29) - 1}, "a size is above"), ({"collateral": -1}, "the collateral is negative"),
                            ({"collateral": 2**60 + 1}, "an amount is above"), ({"funding": 2**60 + 1}, "an amount is above"),
                            ({"funding": -(2**60) - 1}, "an amount is above")):
        bench.refuse(f"absurd: {change}", made(bench, rule, change)[0], message)
    for rate in (-1, rule.FRACTION, -rule.FRACTION):
        bench.refuse("a fee rate", made(bench, rule, {}, rate)[0], "the fee rate is not in 0")
    bench.refuse("a fund in debt", made(bench, rule, {}, None, -1)[0], "the insurance fund is negative")
    bench.refuse("a fund without end", made(bench, rule, {}, None, 2**60 + 1)[0], "an amount is above")


def sizes(bench, rule):
    # 10,000 BTC bought at 100,000 and liquidated at 90,000, in lots of 0.0001 BTC; then the limits.
    btc = {"size": 10**8, "entry": 10**7, "price": 9 * 10**6, "collateral": 9 * 10**13}
    largest = {"size": -(2**29), "entry": 1, "price": 2**31, "collateral": 0, "funding": 2**60}
    for change, rate in ((btc, None), (btc | {"collateral": 2 * 10**14}, None), (largest, None),
                         (largest | {"size": 2**29, "collateral": 2**60, "funding": -(2**60)}, rule.FRACTION - 1)):
        inputs, outputs = made(bench, rule, change, rate)
        found = bench.accept(f"sizes: {change}", inputs)
        bench.expect("sizes: exact", all(str(outputs[name][0]) == found.get(name) for name in outputs), found)


def attempt(bench):
    rule = bench.reference
    honest, found = other_figures(bench, rule)
    repeated(bench, rule, honest, found)
    opened(bench, rule, honest, found)
    absurd(bench, rule)
    sizes(bench, rule)

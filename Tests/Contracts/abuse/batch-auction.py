"""Orders left out, added, changed or split; fills that open the orders they are of."""
import copy

from poseidon2 import ZERO, Tree, compress, hash_words, random_digest, text

BATCH = "the orders are not those of the batch"


def read(digest):
    return tuple(int(digest[i:i + 16], 16) for i in range(2, 66, 16))


def opened(bench, rule):
    """What an owner shows to open a fill is not what closes the order."""
    orders = [(0, 130, 10), (1, 120, 7), (1, 140, 5)]
    inputs, _ = rule.build(bench.rng, orders, 2)
    outputs = bench.accept("three orders", inputs)
    fills = rule.clear(orders)[2]
    records = inputs["secret"]["orders"]
    leaves = [rule.commitment(*order, read(r["key"]), read(r["blind"])) for order, r in zip(orders, records)]
    shown = [compress(hash_words(2), read(r["blind"])) for r in records]
    chain = hash_words(len(orders))
    for fill, opener in zip(fills, shown):
        chain = compress(chain, compress(hash_words(fill), opener))
    bench.expect("each fill opens with the derived blind", outputs.get("fills") == text(chain), str(outputs))
    chain = hash_words(len(orders))
    for fill, record in zip(fills, records):
        chain = compress(chain, compress(hash_words(fill), read(record["blind"])))
    bench.expect("no fill opens with its order's blind", outputs.get("fills") != text(chain))
    # Whoever knows an owner from another order would find the terms by trying them.
    for order, record, opener, leaf in zip(orders, records, shown, leaves):
        bench.expect("the opened blind closes no order", rule.commitment(*order, read(record["key"]), opener) != leaf)


def others(bench, rule):
    inputs, _ = rule.build(bench.rng, [(0, 130, 10), (0, 130, 9), (1, 120, 7), (1, 140, 5), (1, 130, 8)], 3)
    bench.accept("five orders", inputs)

    def orders(what, change, trap=BATCH):
        other = copy.deepcopy(inputs)
        other["secret"]["orders"] = change(other["secret"]["orders"])
        bench.refuse(what, other, trap)

    orders("the first left out", lambda r: r[1:])
    orders("the last left out", lambda r: r[:-1])
    orders("none", lambda r: [])
    orders("one twice", lambda r: [*r, r[0]])
    orders("two exchanged", lambda r: [r[1], r[0], *r[2:]])
    orders("one more", lambda r: [*r, {**r[0], "blind": text(random_digest(bench.rng))}])
    orders("one split", lambda r: [{**r[0], "size": 5}, {**r[0], "size": 5}, *r[1:]])
    orders("two made one", lambda r: [{**r[0], "size": 19}, *r[2:]])
    for field, value in (("side", 1), ("price", 131), ("size", 11), ("size", 9), ("key", text(ZERO)), ("blind", text(ZERO))):
        orders(f"{field} changed to {value}", lambda r: [{**r[0], field: value}, *r[1:]])
    for depth in (2, 4, 0):
        other = copy.deepcopy(inputs)
        other["public"]["depth"] = depth
        found, said = bench.run(other)
        bench.expect(f"depth {depth}", found is None, str(found))


def absurd(bench, rule):
    """Orders that the venue should not have taken in: they stop the batch and fill nothing."""
    for what, order, trap in (("side 2", (2, 130, 10), "side is 0"), ("side −1", (-1, 130, 10), "side is 0"),
                              ("size 0", (0, 130, 0), "size is not positive"), ("size −5", (1, 120, -5), "size is not positive"),
                              ("a limit of 256", (0, 256, 1), "index out of bounds"),
                              ("a limit of −1", (1, -1, 1), "index out of bounds")):
        inputs = rule.build(bench.rng, [(0, 130, 10), (1, 120, 10)], 2)[0]
        key, blind = random_digest(bench.rng), random_digest(bench.rng)
        record = dict(zip(("side", "price", "size"), order)) | {"key": text(key), "blind": text(blind)}
        records = [*inputs["secret"]["orders"], record]
        leaves = [rule.commitment(r["side"], r["price"], r["size"], read(r["key"]), read(r["blind"])) for r in records]
        inputs["secret"]["orders"], inputs["public"]["orders_root"] = records, text(Tree(leaves, 2).root)
        bench.refuse(what, inputs, trap)
    # One order twice under the root fills twice, and its nullifier shows it.
    inputs = rule.build(bench.rng, [(0, 130, 10), (1, 120, 20)], 2)[0]
    first, second = inputs["secret"]["orders"]
    repeated = [first, first, second]
    leaves = [rule.commitment(r["side"], r["price"], r["size"], read(r["key"]), read(r["blind"])) for r in repeated]
    inputs["secret"]["orders"], inputs["public"]["orders_root"] = repeated, text(Tree(leaves, 2).root)
    outputs = bench.accept("one order twice under the root", inputs)
    used = hash_words(3)
    for leaf, record in zip(leaves, repeated):
        used = compress(used, compress(leaf, read(record["key"])))
    bench.expect("has one nullifier twice", outputs.get("nullifiers") == text(used), str(outputs))


def sizes(bench, rule):
    large = 2**30
    inputs, outputs = rule.build(bench.rng, [(0, 130, large), (0, 130, large), (1, 130, large)], 2)
    found = bench.accept("2^30 lots", inputs)
    bench.expect("their fills", all(str(value) == found.get(name) for name, (value, _) in outputs.items()), str(found))
    for size in (2**31, 2**61):
        inputs = rule.build(bench.rng, [(0, 130, size), (0, 130, size), (1, 130, size)], 2)[0]
        bench.refuse(f"{size} lots", inputs, "overflow")


def attempt(bench):
    rule = bench.reference
    opened(bench, rule)
    others(bench, rule)
    absurd(bench, rule)
    sizes(bench, rule)

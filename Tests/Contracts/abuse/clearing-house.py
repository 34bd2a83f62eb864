"""A default that is blamed on somebody else, hidden, or made up; positions and resources other than registered;
charges that open a member's resources, or show who defaulted."""
import copy
import random

from poseidon2 import chain, compress, hash_words, random_digest, text

UNIT, FRACTION = 10**6, 1 << 48
TRADES = "the trades are not the registered ones"
RESOURCES = "the members' resources are not the registered ones"


def read(digest):
    return tuple(int(digest[i:i + 16], 16) for i in range(2, 66, 16))


def lines(inputs, parts):
    """The members' charges, each closed with the blind derived for this proof."""
    public = inputs["public"]
    ratio = round(float(public["assessment"]) * FRACTION)
    context = compress(compress(hash_words(2, public["house_capital"], ratio), read(public["trades_chain"])),
                       read(public["instruments_chain"]))
    return [compress(hash_words(*part), compress(context, read(member["blind"])))
            for part, member in zip(parts, inputs["secret"]["members"])]


def charged(bench, rule):
    """The same members and blinds on two days, of which the second has a default that takes from the survivors."""
    trades, funds = [(1, 0, 0, 100)], [500 * UNIT] * 3
    calm, crash = ([(10 * UNIT, move)] + [(0, 0)] * 3 for move in (0, 60 * UNIT))
    needs = rule.requirements(rule.nets(3, trades), calm)
    members = list(zip([needs[0] - 1, *needs[1:]], funds))
    seed = bench.rng.randrange(2**32)
    days = [rule.build(random.Random(seed), instruments, trades, members, 0, 0, 2 * FRACTION)[0]
            for instruments in (calm, crash)]
    bench.expect("one register of members", days[0]["public"]["members_chain"] == days[1]["public"]["members_chain"])
    # Of 6,000 margin and share leave 4,500: both survivors lose their shares and pay twice as much again.
    parts = [[(0, 0)] * 3, [(0, 0), *[(500 * UNIT, 1000 * UNIT)] * 2]]
    for inputs, part in zip(days, parts):
        outputs = bench.accept("a day", inputs)
        bench.expect("charges open with derived blinds", outputs.get("charges") == text(chain(lines(inputs, part))), str(outputs))
        with_own = [compress(hash_words(*p), read(m["blind"])) for p, m in zip(part, inputs["secret"]["members"])]
        bench.expect("and not with the members'", outputs.get("charges") != text(chain(with_own)))
    # The one whose line stayed the same would be the defaulter.
    first, second = (lines(inputs, part) for inputs, part in zip(days, parts))
    bench.expect("no line stays the same", not {*first} & {*second})
    for change in ({"house_capital": 1}, {"assessment": "3"}, {"trades_chain": text((1, 2, 3, 4))}):
        other = {**days[0], "public": days[0]["public"] | change}
        bench.expect(f"nor with {change}", not {*first} & {*lines(other, parts[0])})


def rounded(bench, rule):
    """A part exceeds its share of the fund by less than total/2^48 + 1 units."""
    worst = []
    for _ in range(200):
        funds = [0, *(bench.rng.randrange(2**55) for _ in range(63))]
        parts = rule.shares(sum(funds), funds)
        worst.append((max(part - fund for part, fund in zip(parts, funds)), funds))
    bench.expect("within the bound", all((excess - 1) * 2**48 < sum(funds) for excess, funds in worst))
    excess, funds = max(worst)
    bench.expect("and above one unit", excess > 1, str(excess))
    trades, instruments = [(1, 0, 0, 1)], [(1, sum(funds))] + [(0, 0)] * 3
    needs = rule.requirements(rule.nets(64, trades), instruments)
    inputs = rule.build(bench.rng, instruments, trades, list(zip([0, *needs[1:]], funds)), 0, 0, 0)[0]
    outputs = bench.accept("all shares of the fund", inputs)
    parts = [(part, 0) for part in rule.shares(sum(funds), funds)]
    bench.expect("are taken to the unit", outputs.get("from_survivors") == str(sum(funds)) == str(sum(p for p, _ in parts))
                 and outputs.get("charges") == text(chain(lines(inputs, parts))), str(outputs))


def attempt(bench):
    rule = bench.reference
    charged(bench, rule)
    rounded(bench, rule)
    instruments = [(10 * UNIT, 60 * UNIT), (5 * UNIT, -20 * UNIT), (0, 0), (1, 1)]
    # Member 0 is short 100 of the first, member 1 long: a move of 60 costs member 0 6,000.
    trades = [(1, 0, 0, 100), (2, 1, 1, 40), (0, 2, 2, 7)]
    needs = rule.requirements(rule.nets(3, trades), instruments)
    covered = [(need, 500 * UNIT) for need in needs]
    short = [(needs[0] - 1, 500 * UNIT), *covered[1:]]

    def built(members, trades=trades, instruments=instruments, house=2000 * UNIT, requirement=8000 * UNIT,
              assessment=2 * FRACTION):
        return rule.build(bench.rng, instruments, trades, members, house, requirement, assessment)[0]

    honest = built(short)
    outputs = bench.accept("one below its requirement", honest)
    bench.expect("its loss", outputs.get("loss") == str(6000 * UNIT) and outputs.get("defaults") == "1", str(outputs))
    outputs = bench.accept("all covered", built(covered))
    bench.expect("no loss", outputs.get("loss") == "0" and outputs.get("defaults") == "0", str(outputs))

    def changed(inputs=honest, **values):
        other = copy.deepcopy(inputs)
        for name, value in values.items():
            other["public" if name in other["public"] else "secret"][name] = value
        return other

    def rows(stream, change, inputs=honest):
        other = copy.deepcopy(inputs)
        other["secret"][stream] = change(other["secret"][stream])
        return other

    # Who defaulted is not the prover's to say: a loss of 6,000 or 0 came from the same public inputs.
    for number in range(3):
        for inputs in (honest, built(covered)):
            found, _ = bench.run(changed(inputs, defaulter=number))
            bench.expect(f"member {number} named as the defaulter", found is None, str(found))
    worst = "more than one member is below its requirement"
    bench.refuse("two defaults", built([short[0], (needs[1] - 1, 0), covered[2]]), worst)
    bench.refuse("three defaults", built([(need // 2, 0) for need in needs]), worst)
    bench.refuse("the default hidden by a higher margin",
                 rows("members", lambda r: [{**r[0], "margin": needs[0]}, *r[1:]]), RESOURCES)
    bench.refuse("a default made up by a lower margin",
                 rows("members", lambda r: [{**r[0], "margin": needs[0] - 1}, *r[1:]], built(covered)), RESOURCES)
    bench.refuse("the defaulter's place taken by another", rows("members", lambda r: [r[1], r[0], r[2]]), RESOURCES)
    bench.refuse("a member left out", rows("members", lambda r: r[:2]), "there is no such buyer")
    bench.refuse("a member twice", rows("members", lambda r: [*r, r[2]]), RESOURCES)
    bench.refuse("a member split into two", rows("members", lambda r: [*r[:2], *2 * [{**r[2], "fund": 250 * UNIT}]]), RESOURCES)
    bench.refuse("a larger share of the fund", rows("members", lambda r: [*r[:2], {**r[2], "fund": 501 * UNIT}]), RESOURCES)
    bench.refuse("a blind exchanged", rows("members", lambda r: [*r[:2], {**r[2], "blind": text(random_digest(bench.rng))}]),
                 RESOURCES)

    # Other trades.
    bench.refuse("the losing trade left out", rows("trades", lambda r: r[1:]), TRADES)
    bench.refuse("a trade twice", rows("trades", lambda r: [r[0], *r]), TRADES)
    bench.refuse("two trades exchanged", rows("trades", lambda r: [r[1], r[0], r[2]]), TRADES)
    bench.refuse("a trade split", rows("trades", lambda r: [{**r[0], "quantity": 50}, {**r[0], "quantity": 50}, *r[1:]]), TRADES)
    bench.refuse("a smaller trade", rows("trades", lambda r: [{**r[0], "quantity": 99}, *r[1:]]), TRADES)
    bench.refuse("another seller", rows("trades", lambda r: [{**r[0], "seller": 2}, *r[1:]]), TRADES)
    bench.refuse("no trades", rows("trades", lambda r: []), TRADES)
    for what, trade, trap in (("a trade of zero", (1, 0, 0, 0), "a quantity is not positive"),
                              ("a negative trade", (1, 0, 0, -100), "a quantity is not positive"),
                              ("a seller that is none", (1, 3, 0, 1), "there is no such seller"),
                              ("a negative buyer", (-1, 0, 0, 1), "there is no such buyer"),
                              ("a fifth instrument", (1, 0, 4, 1), "there is no such instrument"),
                              ("a negative instrument", (1, 0, -1, 1), "there is no such instrument")):
        other = built(short)
        other["secret"]["trades"].append(dict(zip(("buyer", "seller", "instrument", "quantity"), trade)))
        other["public"]["trades_chain"] = text(rule.chain([rule.hash_words(*t) for t in [*trades, trade]]))
        bench.refuse(what, other, trap)

    # Other terms.
    bench.refuse("a smaller move", rows("instruments", lambda r: [{**r[0], "move": 0}, *r[1:]]),
                 "the instruments are not the published ones")
    bench.refuse("a negative rate, published", built(covered, instruments=[(-1, 0), *instruments[1:]]), "a margin rate is negative")
    bench.refuse("a negative margin", built([(-1, 0), *covered[1:]]), "a margin is negative")
    bench.refuse("a negative share of the fund", built([(needs[0], -1), *covered[1:]]), "a share of the fund is negative")
    bench.refuse("too little of the house", built(short, house=2000 * UNIT - 1), "less than a quarter")
    bench.refuse("a negative requirement of the house", built(short, requirement=-1), "the house's capital requirement is negative")
    bench.refuse("negative assessments", built(short, assessment=-1), "the greatest assessment is negative")
    bench.refuse("no members", built([], trades=[]), "there are no members")
    bench.refuse("65 members", built([(0, 0)] * 65, trades=[]), "more than 64 members")

    # 60,000 lots of 20,000 in each instrument, 64 members, an adverse move of the whole price.
    big = [(1000 * UNIT, 20_000 * UNIT)] * 4
    trades = [(m, 0, j, 60_000) for m in range(1, 64) for j in range(4)]
    needs = rule.requirements(rule.nets(64, trades), big)
    members = [(needs[0] - 1, 10**9 * UNIT), *((need, 10**9 * UNIT) for need in needs[1:])]
    outputs = bench.accept("60,000 lots of 20,000", built(members, trades, big, house=10**9 * UNIT))
    bench.expect("their loss", outputs.get("loss") == str(63 * 4 * 60_000 * 20_000 * UNIT), str(outputs))
    for quantity in (2**61, 2**62 - 1):
        bench.refuse(f"{quantity} lots", built(members, [(1, 0, 0, quantity)], big, house=10**9 * UNIT), "overflow")
    bench.accept("two lots", built([(2000 * UNIT, 0)] * 64, [(1, 0, 3, 1)] * 2, big))
    bench.refuse("a net quantity above every word", built(members, [(1, 0, 3, 2**61)] * 3, big, house=10**9 * UNIT), "overflow")

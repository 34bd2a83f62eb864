"""Bids by nobody, left out, added or changed; bids that do not count and move the price."""
import copy

from poseidon2 import chain, hash_words, random_digest, text

ONE = 1 << 32
SEALED = "the bids are not those that were sealed"


def attempt(bench):
    rule = bench.reference
    reserve = 5 * ONE

    def built(bids, jobs=1, depth=3):
        """(job, bidder, price) of each bid, with stake and deadline that count."""
        return rule.build(bench.rng, [(*b, 20 * ONE, 100) if len(b) == 3 else b for b in bids], jobs, 20 * ONE, 500,
                          reserve, depth)[0]

    def awarded(what, bids, *winners):
        """Each job's winner and what it is paid, written out here and not computed by the reference."""
        outputs = bench.accept(what, built(bids, len(winners)))
        expected = text(chain([hash_words(job, who, paid) for job, (who, paid) in enumerate(winners)]))
        bench.expect(f"{what}: the award", outputs.get("awards") == expected, str(outputs))

    awarded("two bids", [(0, 7, ONE), (0, 8, 2 * ONE)], (7, 2 * ONE))
    awarded("nobody", [], (-1, 0))

    # A bidder of −1 won and read as nobody, at a price that somebody was paid.
    awarded("bidder −1 alone", [(0, -1, ONE)], (-1, 0))
    awarded("bidder −1 below the others", [(0, 7, 2 * ONE), (0, -1, ONE), (0, 8, 3 * ONE)], (7, 3 * ONE))
    awarded("bidder −1 second", [(0, 7, ONE), (0, -1, 2 * ONE)], (7, reserve))
    awarded("bidder −1 first, of equals", [(0, -1, ONE), (0, 7, ONE)], (7, reserve))
    awarded("the lowest of all numbers", [(0, -4611404543450677248, 0), (0, 7, ONE)], (7, reserve))
    awarded("bidder −1 stops no other job", [(0, -1, ONE), (1, 9, ONE)], (-1, 0), (9, reserve))
    awarded("bidder 0 is one", [(0, 0, ONE)], (0, reserve))

    # What doesn't count neither wins nor pays.
    for what, bid in (("above the reserve", (0, 8, reserve + 1)), ("below 0", (0, 8, -1)),
                      ("too small a stake", (0, 8, 0, 20 * ONE - 1, 100)), ("a negative stake", (0, 8, 0, -ONE, 100)),
                      ("too late", (0, 8, 0, 20 * ONE, 501))):
        awarded(what, [bid, (0, 7, ONE)], (7, reserve))
    awarded("at the reserve, the least stake and the last moment", [(0, 8, reserve, 20 * ONE, 500)], (8, reserve))
    awarded("a price of 0", [(0, 8, 0), (0, 7, ONE)], (8, ONE))
    awarded("equals go to the first", [(0, 7, ONE), (0, 8, ONE)], (7, ONE))

    # Other bids than the sealed ones.
    inputs = built([(0, 7, 2 * ONE), (0, 8, ONE), (1, 9, ONE)], 2)
    bench.accept("three bids", inputs)

    def bids(what, change, trap=SEALED):
        other = copy.deepcopy(inputs)
        other["secret"]["bids"] = change(other["secret"]["bids"])
        bench.refuse(what, other, trap)

    bids("the lowest left out", lambda r: [r[0], r[2]])
    bids("the last left out", lambda r: r[:2])
    bids("none", lambda r: [])
    bids("one twice", lambda r: [*r, r[1]])
    bids("two exchanged", lambda r: [r[1], r[0], r[2]])
    bids("one more", lambda r: [*r, {**r[1], "price": "0.5", "blind": text(random_digest(bench.rng))}])
    for field, value in (("job", 1), ("bidder", -1), ("bidder", 9), ("price", "3"), ("stake", "19"), ("deadline", 501),
                         ("blind", text(random_digest(bench.rng)))):
        bids(f"{field} changed to {value}", lambda r: [r[0], {**r[1], field: value}, r[2]])
    for job in (-1, 2):
        bench.refuse(f"a bid for job {job}", built([(0, 7, ONE), (job, 8, ONE)], 2), "there is no such job")
    bench.refuse("65 jobs", built([], 65), "more than 64 jobs")
    bench.refuse("−1 jobs", built([], -1), "the number of jobs is negative")

"""A price that is chosen after the draws are known, and terms that make the price mean nothing."""
import copy

from poseidon2 import random_digest, text

COMMITTED = "the terms, the paths or the seed are not those that were committed to"


def attempt(bench):
    build, committed = bench.reference.build, bench.reference.committed
    terms = (100, 105, 1, 0.03, 0.35)
    honest, _ = build(bench.rng, 64, *terms)
    price = bench.accept("honest", honest)["price"]

    def changed(**values):
        other = copy.deepcopy(honest)
        for name, value in values.items():
            other["public" if name in other["public"] else "secret"][name] = value
        return other

    # After the beacon: 150 other seeds, other numbers of paths, other terms.
    for number in range(150):
        bench.refuse(f"seed {number} after the commitment", changed(seed=text(random_digest(bench.rng))), COMMITTED)
    for paths in (2, 63, 65, 16000):
        bench.refuse(f"{paths} paths after the commitment", changed(paths=paths), COMMITTED)
    for name, value in (("spot", 100.01), ("strike", 104), ("years", 1.01), ("rate", 0.031), ("vol", 0.36),
                        ("vol", -0.35), ("spot", 105), ("strike", 100)):
        bench.refuse(f"another {name}", changed(**{name: value}), COMMITTED)
    bench.refuse("spot and strike exchanged", changed(spot=105, strike=100), COMMITTED)
    bench.refuse("the commitment of another option", changed(
        commitment=build(bench.rng, 64, *terms)[0]["public"]["commitment"]), COMMITTED)

    # Before the beacon: whatever seed is chosen, the beacon decides.
    prices = {bench.accept("another beacon", changed(beacon=text(random_digest(bench.rng))))["price"] for _ in range(8)}
    bench.expect("the beacon moves the price", len(prices | {price}) == 9, str(prices))

    # Terms that nobody agrees to, committed to in time.
    def terms_of(paths=64, spot=100, strike=105, years=1, rate=0.03, vol=0.35):
        return build(bench.rng, paths, spot, strike, years, rate, vol)[0]

    for what, inputs, trap in (
            ("no volatility", terms_of(vol=0), "the volatility is below 0.5 %"),
            ("a negative volatility", terms_of(vol=-0.35), "the volatility is below 0.5 %"),
            ("dust volatility", terms_of(vol=281 / 2**48), "the volatility is below 0.5 %"),
            ("a maturity of a second", terms_of(years=0.00000003), "the maturity is less than 0.002 years"),
            ("no time", terms_of(years=0), "the maturity is less than 0.002 years"),
            ("negative time", terms_of(years=-1), "the maturity is less than 0.002 years"),
            ("more than a lifetime", terms_of(years=101), "the maturity is more than 100 years"),
            ("spot and strike negative", terms_of(spot=-100, strike=-105), "the spot is not positive"),
            ("no spot", terms_of(spot=0), "the spot is not positive"),
            ("no strike", terms_of(strike=0), "the strike is not positive"),
            ("a negative strike", terms_of(strike=-105), "the strike is not positive"),
            ("one path", terms_of(paths=1), "fewer than two paths"),
            ("no path", terms_of(paths=0), "fewer than two paths"),
            ("a negative number of paths", terms_of(paths=-64), "fewer than two paths"),
            ("too many paths", terms_of(paths=16001), "more than 16000 paths")):
        bench.refuse(what, inputs, trap)

    # Real sizes: an index, a coin, a won, a token of a hundredth of a cent.
    for spot, strike in ((6000, 6100), (160000, 150000), (900000000, 950000000), (0.0001, 0.00011)):
        bench.accept(f"spot {spot}", terms_of(spot=spot, strike=strike))

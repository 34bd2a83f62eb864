"""What even a calculator with free inputs must refuse: numbers that are no option's."""


def attempt(bench):
    example = bench.example()
    bench.accept("the example", example)

    def with_(payout=None, **secret):
        public = example["public"] if payout is None else {"payout": payout}
        return {"public": public, "secret": {**example["secret"], **secret}}

    for vol in (0, "-0.25", "-0.000000000000004"):
        bench.refuse(f"a volatility of {vol}", with_(vol=vol), "the volatility is not positive")
    bench.refuse("negative time", with_(years="-0.25"), "domain error")
    bench.refuse("no strike", with_(strike=0), "division by zero")
    bench.refuse("a negative strike", with_(strike=-105), "domain error")
    bench.refuse("a negative spot", with_(spot=-100), "the spot is not positive")
    bench.refuse("both negative", with_(spot=-100, strike=-105), "the spot is not positive")
    bench.refuse("delta at the money on the last day", with_(years=0, spot=105), "overflow")
    bench.refuse("a negative payout", with_(-1), "the payout is negative")

"""What even a calculator with free inputs must refuse: numbers that are no option's."""


def attempt(bench):
    example = bench.example()
    bench.accept("the example", example)

    def with_(**secret):
        return {**example, "secret": {**example["secret"], **secret}}

    for vol in (0, "-0.3", "-0.000000000000004"):
        bench.refuse(f"a volatility of {vol}", with_(vol=vol), "the volatility is not positive")
    bench.accept("the least volatility", with_(vol="0.000000000000004"))
    bench.refuse("negative time", with_(years="-0.25"), "domain error")
    bench.refuse("no strike", with_(strike=0), "division by zero")
    bench.refuse("a negative strike", with_(strike=-65), "domain error")
    bench.refuse("a negative spot", with_(spot=-60), "the spot is not positive")
    bench.refuse("both negative", with_(spot=-60, strike=-65), "the spot is not positive")
    bench.refuse("no spot", with_(spot=0), "the spot is not positive")
    bench.refuse("gamma at the money on the last day", with_(years=0, spot=65), "overflow")

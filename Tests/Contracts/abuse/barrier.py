"""What even a calculator with free inputs must refuse: numbers that are no option's."""


def attempt(bench):
    example = bench.example()
    bench.accept("the example", example)

    def with_(public={}, **secret):
        return {"public": {**example["public"], **public}, "secret": {**example["secret"], **secret}}

    for vol in (0, "-0.25", "-0.000000000000004"):
        bench.refuse(f"a volatility of {vol}", with_(vol=vol), "the volatility is not positive")
    for years in (0, "-0.5"):
        bench.refuse(f"{years} years", with_(years=years), "the option has expired")
    bench.refuse("no strike", with_(strike=0), "division by zero")
    bench.refuse("a negative strike", with_(strike=-100), "domain error")
    bench.refuse("a negative spot", with_(spot=-100), "domain error")
    bench.refuse("both negative", with_(spot=-100, strike=-100), "domain error")
    bench.refuse("all three negative", with_({"barrier": -95}, spot=-100, strike=-100), "the barrier is not positive")
    bench.refuse("the spot at the barrier", with_(spot=95), "the spot is at the barrier")
    bench.refuse("a kind of 2", with_({"is_put": 2}), "is_put is 0 (call) or 1 (put)")
    bench.refuse("monitored less than never", with_({"times": -1}), "a negative number of times")

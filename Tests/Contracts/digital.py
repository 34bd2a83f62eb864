"""Cash-or-nothing options by mpmath at thirty digits."""
from mpmath import exp, log, mp, mpf, ncdf, npdf, sqrt

mp.dps = 30


def case(rng):
    spot = round(rng.choice([1, 100, 60000]) * rng.uniform(0.5, 2), 4)
    inputs = {
        "payout": round(rng.uniform(0, 10000), 2), "spot": spot, "strike": round(spot * rng.uniform(0.5, 2), 4),
        "years": round(rng.uniform(0.003, 5), 6), "rate": round(rng.uniform(-0.05, 0.15), 5),
        "vol": round(rng.uniform(0.05, 1.5), 4)}
    # As the machine reads them.
    payout, s, k = (mp.nint(mpf(str(inputs[x])) * 2**32) / 2**32 for x in ("payout", "spot", "strike"))
    t, r, v = (mp.nint(mpf(str(inputs[x])) * 2**48) / 2**48 for x in ("years", "rate", "vol"))
    spread = v * sqrt(t)
    d2 = (log(s / k) + (r - v * v / 2) * t) / spread
    present = payout * exp(-r * t)
    call = present * ncdf(d2)
    delta = present * npdf(d2) / (s * spread)
    ulp32, ulp48 = mpf(2) ** -32, mpf(2) ** -48
    # d2 is right to some units of the last place over the deviation.
    shift = 16 * ulp48 * (1 + abs(d2)) / spread
    price_error = 2 * ulp32 + payout * (shift + 4 * ulp48)
    # The money per unit is rounded to q48 before it meets the payout.
    delta_error = ulp32 + present * (2 * ulp48 + 8 * ulp48 / spread / s + shift / (s * spread)) + ulp32 / (s * spread)
    text = {k: str(x) for k, x in inputs.items()}
    secrets = {k: x for k, x in text.items() if k != "payout"}
    if rng.random() < 0.02:
        secrets["vol"] = rng.choice(["0", f"-{secrets['vol']}"])
        return {"public": {"payout": text["payout"]}, "secret": secrets}, "the volatility is not positive"
    return {"public": {"payout": text["payout"]}, "secret": secrets}, {
        "call": (str(call), str(price_error)), "put": (str(present - call), str(price_error)),
        "delta": (str(delta), str(delta_error))}

#!/usr/bin/env python3
"""Writes Tests/Vectors: results that this project did not compute.

    pip install mpmath blake3
    python3 Tests/Reference/make_vectors.py

Hashes come from the BLAKE3 authors' own implementation, functions and prices from mpmath at fifty
digits, field arithmetic from Python's integers. Words are integers; real results are integers too,
in units of 2^-64, rounded to nearest.
"""

import pathlib
import random

import blake3
import check_tables
import mpmath as mp

mp.mp.dps = 50
OUT = pathlib.Path(__file__).resolve().parents[1] / "Vectors"
OUT.mkdir(exist_ok=True)
P = 2**64 - 2**32 + 1
U = mp.mpf(2) ** -48  # one ulp of q48
W = mp.mpf(2) ** -32  # one ulp of q32


def write(name, header, rows):
    with open(OUT / name, "w") as f:
        f.write(header + "\n")
        for row in rows:
            f.write(",".join(str(x) for x in row) + "\n")


def units(x):
    return int(mp.nint(x * mp.mpf(2) ** 64))


def hashes():
    # The official test vectors' inputs: bytes i mod 251, key and context of test_vectors.json.
    key = b"whats the Elvish word for friend"
    context = "BLAKE3 2019-12-27 16:29:52 test vectors context"
    lengths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2048, 2049]
    lengths += [3072, 3073, 4096, 4097, 5120, 5121, 6144, 6145, 7168, 7169, 8192, 8193, 16384, 31744, 102400]
    for n in lengths:
        data = bytes(i % 251 for i in range(n))
        yield (
            n,
            blake3.blake3(data).digest(131).hex(),
            blake3.blake3(data, key=key).digest(131).hex(),
            blake3.blake3(data, derive_key_context=context).digest(131).hex(),
        )


def multiply(a, b):
    c = [0] * 5
    for i in range(3):
        for j in range(3):
            c[i + j] += a[i] * b[j]
    # u^3 = u + 1, u^4 = u^2 + u
    return [(c[0] + c[3]) % P, (c[1] + c[3] + c[4]) % P, (c[2] + c[4]) % P]


def power(a, e):
    r = [1, 0, 0]
    while e:
        if e & 1:
            r = multiply(r, a)
        a = multiply(a, a)
        e >>= 1
    return r


def field():
    rng = random.Random(1)
    edge = [0, 1, 2, P - 1, P - 2, 2**32, 2**32 - 1, 2**63, P - 2**32]
    for i in range(300):
        a = [rng.choice(edge) if rng.random() < 0.3 else rng.randrange(P) for _ in range(3)]
        b = [rng.choice(edge) if rng.random() < 0.3 else rng.randrange(P) for _ in range(3)]
        inverse = power(a, P**3 - 2)
        yield (*a, *b, (a[0] + b[0]) % P, (a[0] - b[0]) % P, a[0] * b[0] % P, pow(a[0], P - 2, P),
               *multiply(a, b), *inverse)


FUNCTIONS = check_tables.FUNCTIONS


def arguments(name):
    rng = random.Random(name)
    one = 1 << 48
    if name == "exp":
        low, high = -40 * one, int(mp.log(16383) * one)
        edges = [0, 1, -1, one, -one, high, -35 * one, -35 * one - 1, -34 * one, -16383 * one]
        edges += [k * one + d for k in range(-36, 9) for d in (-1, 0, 1)]
    elif name == "ln":
        low, high = 1, (1 << 62) - 1
        edges = [1, 2, 3, one - 1, one, one + 1, high] + [2**k + d for k in range(2, 62) for d in (-1, 0, 1)]
    elif name == "icdf":
        low, high = 1, one - 1
        edges = [one // 2 + d for d in range(-70, 71)] + [low, high]
        edges += [2**k + d for k in range(2, 48) for d in (-1, 0, 1)]
        edges += [one - 2**k + d for k in range(2, 48) for d in (-1, 0, 1)]
        edges += [3 * 2**k + d for k in range(1, 46) for d in (-1, 0, 1)]
    elif name == "erfcx":
        low, high = 0, 30 * one
        edges = [0, 1, one, 2 * one - 1, 2 * one, (1 << 62) - 1]
        edges += [2**k + d for k in range(2, 62) for d in (-1, 0, 1)]
    else:
        low, high = -9 * one, 9 * one
        edges = [0, 1, -1, 8 * one - 1, 8 * one, 9 * one - 1, 9 * one, 2 * one, 2 * one - 1, -16383 * one, (1 << 62) - 1]
        edges += [-x for x in edges if abs(x) < 1 << 61]
    for x in edges:
        yield x
    for _ in range(2500):
        yield rng.randint(low, high)
    if name == "icdf":
        for _ in range(1500):
            p = rng.getrandbits(rng.randint(1, 47)) | 1
            yield rng.choice((p, one - p))
    elif name == "erfcx":
        for _ in range(1500):
            yield rng.getrandbits(rng.randint(1, 62))
    elif name == "ln":
        for _ in range(1500):
            yield rng.getrandbits(rng.randint(1, 62)) | 1
    else:
        for _ in range(1500):
            yield rng.choice((-1, 1)) * rng.getrandbits(rng.randint(1, 51))


def functions():
    for name, f in FUNCTIONS.items():
        for x in arguments(name):
            if name == "exp" and x > int(mp.log(16383) * (1 << 48)):
                continue
            yield name, x, units(f(mp.mpf(x) * U))


def price(S, K, T, r, v):
    root = mp.sqrt(T)
    d1 = (mp.log(S / K) + (r + v * v / 2) * T) / (v * root)
    d2 = d1 - v * root
    discounted = K * mp.exp(-r * T)
    n1, n2, density = mp.ncdf(d1), mp.ncdf(d2), mp.npdf(d1)
    call = S * n1 - discounted * n2
    paid = discounted * n2
    return dict(
        call=call,
        put=call - S + discounted,
        delta=n1,
        gamma=density / (S * v * root),
        vega=S * density * root,
        theta=-S * density * v / (2 * root) - r * paid,
        rho=paid * T,
    ), d1, d2, n2, discounted


def bounds(S, K, T, r, v, d1, d2, discounted):
    """The bounds that Spec/Pricing.md derives, term by term."""
    root, sd = mp.sqrt(T), v * mp.sqrt(T)
    e_f = mp.mpf("0.51") * U  # a function's error up to 1
    e_sd = (1 + v) * U / 2
    e_num = U / (2 * S / K) * mp.mpf("1.01") + e_f + mp.mpf("0.75") * U * T + U / 2
    e_d1 = (e_num + abs(d1) * e_sd) / sd * mp.mpf("1.01") + U / 2
    e_d2 = e_d1 + e_sd
    discount = discounted / K
    e_k = K * (e_f + discount * mp.mpf("0.51") * U + (mp.mpf(2) ** -58) * discount) + W / 2
    phi1, phi2 = mp.npdf(d1), mp.npdf(d2)
    second = e_d2**2 * mp.mpf("0.25") * (S + discounted)
    e_call = S * phi1 * e_sd + e_f * (S + discounted) + e_k + W + second
    e_put = e_call + e_k
    e_paid = e_k + discounted * (phi2 * e_d2 + e_f) + W / 2 + second
    e_phi = mp.mpf("0.25") * e_d1 + e_f
    scaled = phi1 / sd
    e_scaled = (e_phi + scaled * e_sd) / sd * mp.mpf("1.01") + U / 2
    e_weight = S * e_phi + W / 2
    weight = S * phi1
    e_vega = e_weight * (root + U) + weight * U / 2 + W / 2
    e_decay = e_weight * v + W / 2
    e_rate = e_decay / root * mp.mpf("1.01") + weight * v / T * U / 2 * mp.mpf("1.01") + W / 2
    return dict(
        call=e_call, put=e_put, delta=phi1 * e_d1 + e_f + second, gamma=e_scaled / S + U / 2, vega=e_vega,
        theta=e_rate / 2 + e_paid * abs(r) + W, rho=e_paid * T + W / 2,
    )


def options():
    rng = random.Random(7)

    def word(x, bits):
        return int(mp.nint(mp.mpf(x) * mp.mpf(2) ** bits))

    spots = ["1", "7.35", "60", "100", "412.5", "2450", "64000", "1000000"]
    ratios = ["0.25", "0.5", "0.8", "0.95", "1", "1.05", "1.3", "2", "4"]
    years = [mp.mpf(1) / 365, mp.mpf(7) / 365, "0.1", "0.25", "1", "3", "10"]
    vols = ["0.05", "0.15", "0.3", "0.8", "2"]
    grid = [(s, mp.mpf(s) * mp.mpf(k), t, v) for s in spots for k in ratios for t in years for v in vols]
    grid += [("60", mp.mpf(65), "0.25", "0.3")] * 1
    grid += [
        (mp.mpf(rng.uniform(1, 1000)), mp.mpf(rng.uniform(1, 1000)), mp.mpf(rng.uniform(0.003, 10)), mp.mpf(rng.uniform(0.05, 1.5)))
        for _ in range(400)
    ]
    for index, (s, k, t, v) in enumerate(grid):
        rate = "0.08" if index == len(grid) - 401 else rng.choice(["-0.01", "0", "0.03", "0.08"])
        words = [word(s, 32), word(k, 32), word(t, 48), word(rate, 48), word(v, 48)]
        S, K = words[0] * W, words[1] * W
        T, r, vol = (x * U for x in words[2:])
        values, d1, d2, n2, discounted = price(S, K, T, r, vol)
        b = bounds(S, K, T, r, vol, d1, d2, discounted)
        assert b["call"] <= mp.mpf("1e-9") * S, (s, k, b["call"])
        yield words + [units(values[n]) for n in values] + [int(mp.ceil(b[n] * mp.mpf(2) ** 64)) for n in values]


def reference():
    """Arguments in ulp of q48, values with fifty digits behind the point."""
    rng = random.Random(7)
    one = 1 << 48
    for name, f in FUNCTIONS.items():
        if name in ("exp", "cdf", "pdf"):
            xs = [0, one, -one, 9 * one, (-35 if name == "exp" else -9) * one] + [rng.randint(-9 * one, 9 * one) for _ in range(40)]
        elif name == "ln":
            xs = [1, 3, one, one + 1, (1 << 62) - 1] + [rng.getrandbits(rng.randint(1, 62)) | 1 for _ in range(40)]
        elif name == "icdf":
            xs = [1, 2, one // 2, one // 4, one - 1] + [rng.getrandbits(rng.randint(1, 48)) | 1 for _ in range(40)]
        else:
            xs = [0, one, 8 * one - 1, 8 * one, (1 << 62) - 1] + [rng.getrandbits(rng.randint(1, 62)) for _ in range(40)]
        with mp.workdps(90):
            for x in xs:
                value = f(mp.mpf(x) / one)
                digits = int(mp.nint(abs(value) * mp.mpf(10) ** 50))
                text = str(digits).rjust(51, "0")
                yield name, x, ("-" if value < 0 else "") + text[:-50] + "." + text[-50:]


write("blake3.csv", "length,hash,keyed,derived", hashes())
write("field.csv", "a0,a1,a2,b0,b1,b2,sum,difference,product,inverse,m0,m1,m2,i0,i1,i2", field())
write("reference.csv", "function,x,value", reference())
write("functions.csv", "function,x,value", functions())
names = ["call", "put", "delta", "gamma", "vega", "theta", "rho"]
write("options.csv", "spot,strike,years,rate,vol," + ",".join(names) + "," + ",".join("bound_" + n for n in names), options())

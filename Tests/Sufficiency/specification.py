"""What every instruction does, in whole numbers, from Spec/Instructions.md and Spec/Functions.md.

An effect takes a View of a case and gives claims, in order: formulas that say how a row would differ from the
instruction's meaning, and that no row of the case may satisfy. The declared equations are added by the caller;
what an earlier claim has shown is a fact for the later ones.
"""

import z3

from algebra import P, combine, constant, constant_value, times
from tables import limbs

WORD = ((0, 65535), (0, 65535), (0, 65535), (-16383, 16383))
FUNCTIONS = {"exp": 1, "ln": 2, "cdf": 3, "pdf": 4, "icdf": 5, "erfcx": 6}

# What the loader guarantees (Spec/Machine.md, "Validity").
LIMIT = 2**20
EXTRA = {"hashStart": (1, 2**16), "squeeze": (0, 3), "move": (0, 1), "load": (0, LIMIT - 1),
         "store": (0, LIMIT - 1), "secret": (0, 2**20), "secretDigest": (0, 2**20), "reveal": (0, 2**12)}
# The frame pointer is below A + 2^32 frames of 2^20 cells.
FRAME_POINTER = 2**53

# Which slots hold digests, or whatever their publisher put there; the others hold words.
DIGESTS = {"secretDigest": {3}, "hashStart": {3}, "hashNext": {0, 3}, "merkle": {0, 1, 3},
           "assertSame": {0, 1}, "squeeze": {0}}
EITHER = {"move": {0, 3}, "reveal": {0}, "load": {3}, "store": {0, 3}}


def integer(a, b, factor=1):
    return combine(a, b, factor, modulus=None)


def product(a, b):
    return times(a, b, modulus=None)


def scaled(a, factor):
    return {m: c * factor for m, c in a.items()} if factor else {}


def no_word(view, polys):
    """Formulas: which of four polynomials is no limb of a word."""
    out = []
    for poly, (low, high) in zip(polys, WORD):
        number = view.model.number(poly, low, high)
        least, greatest = view.model.range_of(number)
        if least < low or greatest > high:
            term = view.model.integer(number)
            out.append(z3.Or(term < low, term > high))
    return out


def differs(view, polys, others):
    return z3.Or([view.model.differs(combine(a, b, -1)) for a, b in zip(polys, others)])


def result(view, value, columns=None, name="the result"):
    """The published limbs are those of a word, which is `value`."""
    wrong = [view.term(view.published_word) != value]
    return [view.claim(name, [z3.Or(no_word(view, view.published) + wrong)], columns)]


# Adder


def adder(view):
    a, b = view.term(view.word(0)), view.term(view.word(1))
    name = view.opcode["name"]
    asserted = {"assertLt": a < b, "assertGe": a >= b, "assertEq": a == b, "assertNe": a != b}
    if name in asserted:
        return [view.claim("the assertion holds", [z3.Not(asserted[name])])]
    if name == "select":
        condition = view.term(view.word(2))
        value = z3.If(condition == 1, a, b)
        return [view.claim("the condition is 0 or 1", [condition != 0, condition != 1])] + result(view, value)
    return result(view, {
        "add": a + b, "sub": a - b, "lt": z3.If(a < b, 1, 0), "ge": z3.If(a < b, 0, 1),
        "min": z3.If(a < b, a, b), "max": z3.If(a < b, b, a), "pos": z3.If(a > b, a - b, 0),
        "abs": z3.If(a > b, a - b, b - a), "eq": z3.If(a == b, 1, 0), "ne": z3.If(a == b, 0, 1),
    }[name])


# Product


def identity(view, name, poly, bits, columns=None):
    """Claims that an integer polynomial, declared to vanish modulo P, is 0; it is then a fact.

    The carries show that it vanishes modulo 2^bits; a multiple of both that is so small is 0."""
    label = view.model.declared(poly)
    term = view.term(poly)
    j, k, rest = (view.model.fresh(n) for n in ("j", "k", "rest"))
    guess = view.model.multiple(poly, bits, columns, {label})
    wrong = [term == j * 2**bits + rest, rest > 0, rest < 2**bits]
    if guess is not None:
        wrong = [term != 2**bits * view.term(guess)]
    first = view.claim(f"{name} modulo 2^{bits}", wrong, columns, {label})
    # P is odd: a multiple of P and of 2^bits is one of P·2^bits.
    multiple = k * (P << bits) if label is not None else j * 2**bits
    formulas = [term != 0, term == multiple]
    second = view.claim(f"{name} over the integers", formulas, set())
    view.facts = view.facts + [term == 0]
    return [first, second]


def number(view, name, count, low=0):
    """A number whose limbs are columns."""
    polys = [view.case.column(f"{name}_{i}") for i in range(low, low + count)]
    return limbs([view.model.number(p, -2**16, 2**16) for p in polys])


def scale_of(view):
    extra = constant_value(view.extra)
    assert extra is not None and 0 <= extra <= 4, "the case has no scale"
    return 16 * extra


def multiplication(view):
    shift = scale_of(view)
    x, y, w, z = view.word(0), view.word(1), view.word(2), view.published_word
    u = number(view, "u", 4)
    rounding = view.opcode["name"][3:]
    half = 1 << shift - 1 if shift and rounding == "Nearest" else 0
    error = integer({(): half}, u, 1 if rounding == "Ceil" else -1)
    if rounding == "Ceil":
        error = u
    sides = integer(scaled(integer(z, w, -1), 1 << shift), product(x, y), -1)
    claims = identity(view, "the product", integer(sides, error, -1), 64)
    exact = view.term(product(x, y))
    power = 1 << shift
    rounded = {"Nearest": (exact + half) / power, "Floor": exact / power,
               "Ceil": -((-exact) / power)}[rounding]
    return claims + result(view, view.term(w) + rounded)


def division(view):
    shift = scale_of(view)
    x, y, z = view.published_word, view.word(1), view.word(3)
    sign = 1 - 2 * constant_value(view.case.column("negative"))
    rounding = view.opcode["name"][3:]
    divisor, quotient = view.term(scaled(y, sign)), view.term(x)
    claims = [view.claim("the divisor has its sign", [divisor <= 0])]
    view.facts = view.facts + [divisor >= 1]
    u = number(view, "u", 4)
    error = scaled(u, -sign if rounding == "Ceil" else sign)
    if rounding == "Nearest":
        error = integer(error, y, -1)
    sides = integer(scaled(z, 1 << shift), product(x, y), -1)
    kappa = 2 if rounding == "Nearest" else 1
    claims += identity(
        view, "the quotient's product", integer(scaled(sides, kappa), error, -1), 64)
    # S = divisor·meant, T = divisor·quotient; `Lemmas` shows how they compare.
    meant, s = view.model.fresh("meant"), view.model.fresh("product")
    t = view.term(scaled(product(x, y), sign))
    n = view.term(scaled(z, sign << shift))
    meaning = {"Floor": z3.And(s <= n, n < s + divisor), "Ceil": z3.And(s - divisor < n, n <= s),
               "Nearest": z3.And(2 * s - divisor <= 2 * n, 2 * n < 2 * s + divisor)}[rounding]
    lemma = [z3.Implies(meant > quotient, s >= t + divisor), z3.Implies(meant < quotient, s <= t - divisor)]
    wrong = z3.Or(no_word(view, view.published) + [z3.And(meaning, meant != quotient, *lemma)])
    return claims + [view.claim("the quotient", [wrong])]


def root(view):
    shift = scale_of(view)
    x, z = view.published_word, view.word(3)
    zero = view.model.number(view.case.column("zero"), 0, 1)
    rounding = view.opcode["name"][4:]
    quotient = view.term(x)
    claims = [view.claim("the root is not negative", [quotient < 0])]
    view.facts = view.facts + [quotient >= 0]
    u = number(view, "u", 4)
    error = scaled(u, -1 if rounding == "Ceil" else 1)
    if rounding == "Nearest":
        error = integer(integer(integer(error, x, -1), {(): 1}), zero, -1)
    square = product(x, x)
    sides = integer(scaled(z, 1 << shift), square, -1)
    claims += identity(view, "the root's square", integer(sides, error, -1), 64)
    meant, s = view.model.fresh("meant"), view.model.fresh("square")
    t, n = view.term(square), view.term(scaled(z, 1 << shift))
    nothing = z3.And(n == 0, meant == 0)
    meaning = {
        "Floor": z3.And(s <= n, n <= s + 2 * meant),
        "Ceil": z3.Or(nothing, z3.And(meant >= 1, s - 2 * meant + 2 <= n, n <= s)),
        "Nearest": z3.Or(nothing, z3.And(meant >= 1, s - meant + 1 <= n, n <= s + meant))}[rounding]
    lemma = [z3.Implies(meant > quotient, square_grows(quotient, t, meant, s)),
             z3.Implies(meant < quotient, square_grows(meant, s, quotient, t)),
             t >= quotient, t >= 2 * quotient - 1, z3.Implies(quotient == 0, t == 0),
             s >= meant, s >= 2 * meant - 1, z3.Implies(meant == 0, s == 0)]
    wrong = z3.And(z3.Or(n < 0, z3.And(meant >= 0, meaning, meant != quotient)), *lemma)
    return claims + [view.claim("the root", [z3.Or(no_word(view, view.published) + [wrong])])]


def square_grows(a, aa, b, bb):
    """What 0 ≤ a < b says of the squares aa and bb."""
    return z3.And(bb >= aa + 2 * a + 1, aa <= bb - 2 * b + 1, aa + a <= bb - b)


def lemmas():
    """How products compare, over all integers: what the solver is told of its abstract products."""
    a, b, d = z3.Ints("a b d")
    return [
        ("a > b gives d·a ≥ d·b + d", [d >= 1, a > b, z3.Not(d * a >= d * b + d)]),
        ("a < b gives d·a ≤ d·b − d", [d >= 1, a < b, z3.Not(d * a <= d * b - d)]),
        ("a < b gives b² ≥ a² + 2a + 1, a² ≤ b² − 2b + 1 and a² + a ≤ b² − b",
         [a >= 0, a < b, z3.Not(square_grows(a, a * a, b, b * b))]),
        ("a² ≥ a and a² ≥ 2a − 1", [z3.Or(a * a < a, a * a < 2 * a - 1)]),
    ]


# Function


def function(view):
    name = view.opcode["name"]
    scale, segment = view.received("scales"), view.received("coefficients")
    number_, table, negated, end, a = scale[:5]
    claims = [view.claim("the case is the function's", [
        z3.Or(view.model.differs(combine(number_, constant(FUNCTIONS[name]), -1)),
              view.model.differs(combine(table, segment[0], -1)))])]
    lift = lambda poly: view.model.number(poly, -2**63, 2**63)
    sign = 1 - 2 * constant_value(negated)
    x = view.word(0)
    power = limbs([lift(p) for p in scale[5:9]])
    t = number(view, "t", 4)
    u = integer(scaled(x, sign), scaled(lift(a), 1 << 48), -1)
    reduced = integer(integer(product(u, power), scaled(lift(segment[1]), 1 << 52), -1), t, -1)
    chain = lambda prefix, names: view.columns(
        lambda c: c in names or c.startswith(prefix + "_"))
    reduction = chain("reduction", {f"{n}_{i}" for n in ("x", "power", "t") for i in range(4)}
                      | {"a", "segment", "negated"})
    claims += identity(view, "the reduction", reduced, 64, reduction)
    place, product_ = view.term(t), view.term(product(u, power))
    claims.append(view.claim("segment and place", [z3.Or(
        place != product_ % 2**52, view.term(lift(segment[1])) != product_ / 2**52)], reduction))
    full = [lift(view.case.column(f"t_{i}")) for i in range(4)]
    full[3] = integer(full[3], scaled(lift(end), 16), -1)
    factor, factors = limbs([lift(segment[6]), lift(segment[7])]), {"c4_0", "c4_1"}
    constants = [segment[5], segment[4], segment[3], combine(segment[2], scale[9])]
    for index, name_ in enumerate(("acc3", "acc2", "acc1", "acc0")):
        view.facts = []
        count = 3 if index < 2 else 4
        offset = limbs(full[1:] if index < 2 else full)
        columns = chain(name_, factors | {f"t_{i}" for i in range(4)} | {"end", "h", "c0", "c1", "c2", "c3"})
        rest = number(view, name_ + "_rest", count)
        accumulator = number(view, name_, count)
        added = product_of = scaled(product(factor, offset), 4096)
        bits = 16 * count
        c = lift(constants[index]) if index < 3 else integer(lift(segment[2]), lift(scale[9]))
        sides = integer(scaled(integer(accumulator, c, -1), 1 << bits), product_of, -1)
        sides = integer(sides, {(): 1 << bits - 1}, -1)
        claims += identity(view, name_, integer(sides, rest), bits, columns)
        meant = view.term(c) + (view.term(added) + (1 << bits - 1)) / (1 << bits)
        claims.append(view.claim(name_, [view.term(accumulator) != meant], columns))
        factor, factors = accumulator, {f"{name_}_{i}" for i in range(count)}
    return claims + scaling(view, factor, factors, scale, sign, chain)


def scaling(view, accumulator, factors, scale, sign, chain):
    """The last step: R = round(acc0·G / 2^80) and what the function makes of it."""
    name = view.opcode["name"]
    g = limbs([view.model.number(p, -2**63, 2**63) for p in scale[10:16]])
    rest = number(view, "result_rest", 5)
    exact = product(accumulator, g)
    published = view.published_word
    value = scaled(published, sign if name in ("cdf", "icdf") else 1)
    if name == "cdf" and sign < 0:
        value = integer(value, {(): 1 << 48})
    columns = chain("result", factors | {f"g_{i}" for i in range(6)})
    bound = view.product_bound
    limit = z3.And(view.term(exact) >= -bound, view.term(exact) <= bound)
    sides = integer(integer(scaled(value, 1 << 80), exact, -1), {(): 1 << 79}, -1)
    view.facts = [limit]
    claims = identity(view, "the result", integer(sides, rest), 80, columns)
    rounded = (view.term(exact) + (1 << 79)) / (1 << 80)
    meant = rounded
    if name == "cdf" and sign < 0:
        meant = 2**48 - rounded
    elif name == "icdf" and sign < 0:
        meant = -rounded
    return claims + result(view, meant, columns)


# Port, Control, Memory, Hash


def port(view):
    name = view.opcode["name"]
    if name == "secret":
        return [view.claim("a secret is a word", [z3.Or(no_word(view, view.published))])]
    if name == "secretDigest":
        return []
    if name == "move":
        return [view.claim("the copy", [differs(view, view.published, view.reads[0])])]
    return [view.claim("what is revealed", [differs(view, view.sent("output"), [view.extra] + view.reads[0])])]


def control(view):
    name = view.opcode["name"]
    pc, fp = view.token_out
    one, zero, size = (view.slots[s][1] for s in (1, 2, 3))
    other = lambda poly, meant: view.model.differs(combine(poly, meant, -1))
    if name == "halt":
        return [view.claim("the token", [z3.Or(z3.And(other(pc, one), other(pc, zero)), other(fp, {}))])]
    advanced = other(fp, combine(view.frame_pointer, size))
    if name == "jump":
        # The loader: both targets are the same.
        same = view.model.vanishes(combine(one, zero, -1))
        return [view.claim("the token", [same, z3.Or(other(pc, one), advanced)])]
    condition = view.term(view.word(0))
    return [
        view.claim("the condition is 0 or 1", [condition != 0, condition != 1]),
        view.claim("the token", [z3.Or(advanced, z3.And(condition == 1, other(pc, one)),
                             z3.And(condition == 0, other(pc, zero)))])]


def memory(view):
    index = view.term(view.word(1))
    length = view.term(view.model.number(view.slots[2][1], 1, LIMIT))
    taken, left = view.received("memory"), view.sent("memory")
    time = view.term(view.model.number(left[1], 0, FRAME_POINTER + 2**32))
    before = view.term(view.model.number(taken[1], 0, FRAME_POINTER + 2**32))
    own = combine(view.frame_pointer, view.slots[3][1])
    cell = combine(view.extra, {m: c for m, c in limbs(view.reads[1]).items()})
    content = taken[2:] if view.opcode["name"] == "load" else view.reads[0]
    return [
        view.claim("the index is in bounds", [z3.Or(index < 0, index >= length)]),
        view.claim("the access before is earlier", [before >= time]),
        view.claim("the cell", [differs(view, [taken[0], left[0], left[1]], [cell, cell, own])]),
        view.claim("the content", [differs(view, left[2:] + view.published, content + content)])]


def hashing(view):
    name = view.opcode["name"]
    state = [view.case.column(f"state{i}") for i in range(8)]
    if name == "assertSame":
        return [view.claim("the digests are the same", [differs(view, view.reads[0], view.reads[1])])]
    if name == "squeeze":
        chosen = constant_value(view.extra)
        element = view.term(view.model.number(view.reads[0][chosen], 0, P - 1))
        return result(view, element % 2**48)
    if name == "merkle":
        a, b, swap = view.reads[0], view.reads[1], view.term(view.word(2))
        straight, crossed = differs(view, state, a + b), differs(view, state, b + a)
        return [view.claim("swap is 0 or 1", [swap != 0, swap != 1]),
                view.claim("what is hashed", [z3.Or(z3.And(swap == 0, straight), z3.And(swap == 1, crossed))])]
    start = [view.extra, {}, {}, {}] if name == "hashStart" else view.reads[0]
    words = [limbs(view.reads[s]) for s in (1, 2, 4, 5)]
    words = [{m: c % P for m, c in w.items()} for w in words]
    return [view.claim("what is hashed", [differs(view, state, start + words)])]


EFFECTS = {"Adder": adder, "Function": function, "Port": port, "Control": control, "Memory": memory,
           "Hash": hashing}


def effect(view):
    name = view.opcode["name"]
    if view.opcode["unit"] == "Product":
        return (multiplication if name.startswith("mul") else division if name.startswith("div") else root)(view)
    return EFFECTS[view.opcode["unit"]](view)

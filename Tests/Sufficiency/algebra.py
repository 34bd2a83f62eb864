"""Polynomials in a row's columns: dictionaries from monomials (sorted tuples of columns) to coefficients."""

P = 2**64 - 2**32 + 1


def centred(value):
    """The representative in (-P/2, P/2)."""
    value %= P
    return value - P if value > P // 2 else value


def constant(value):
    return {(): value % P} if value % P else {}


def variable(column):
    return {(column,): 1}


def combine(a, b, factor=1, modulus=P):
    """a + factor*b."""
    total = dict(a)
    for monomial, coefficient in b.items():
        value = total.get(monomial, 0) + factor * coefficient
        if modulus:
            value %= modulus
        if value:
            total[monomial] = value
        else:
            total.pop(monomial, None)
    return total


def times(a, b, modulus=P):
    total = {}
    for x, c in a.items():
        for y, d in b.items():
            monomial = tuple(sorted(x + y))
            value = total.get(monomial, 0) + c * d
            if modulus:
                value %= modulus
            if value:
                total[monomial] = value
            else:
                total.pop(monomial, None)
    return total


def degree(poly):
    return max(map(len, poly), default=0)


def variables(poly):
    return {column for monomial in poly for column in monomial}


def constant_value(poly):
    """The value of a constant polynomial, None of another."""
    if not poly:
        return 0
    return poly[()] if set(poly) == {()} else None


def single(poly):
    """The column if the polynomial is just a column, else None."""
    if len(poly) == 1:
        (monomial, coefficient), = poly.items()
        if coefficient == 1 and len(monomial) == 1:
            return monomial[0]
    return None


def substitute(poly, column, value):
    """The polynomial with another one in a column's place."""
    total, changed = {}, False
    powers = {0: constant(1)}
    for monomial, coefficient in poly.items():
        count = monomial.count(column)
        if not count:
            value_at = total.get(monomial, 0) + coefficient
            total[monomial] = value_at % P
            continue
        changed = True
        while count not in powers:
            powers[max(powers) + 1] = times(powers[max(powers)], value)
        rest = {tuple(c for c in monomial if c != column): coefficient}
        for key, extra in times(rest, powers[count]).items():
            total[key] = (total.get(key, 0) + extra) % P
    if not changed:
        return poly
    return {m: c for m, c in total.items() if c}


def evaluate(poly, values):
    total = 0
    for monomial, coefficient in poly.items():
        for column in monomial:
            coefficient = coefficient * values[column] % P
        total += coefficient
    return total % P


def inverse(value):
    return pow(value % P, P - 2, P)


def normalised(poly):
    """The multiple whose first coefficient is 1, to compare equations."""
    if not poly:
        return poly
    scale = inverse(poly[min(poly)])
    return {m: c * scale % P for m, c in poly.items()}

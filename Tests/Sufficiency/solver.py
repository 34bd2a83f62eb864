"""A case of a row as integers: every equation modulo P is an integer equation e = k·P."""

import z3

from algebra import (P, centred, combine, constant_value, degree, evaluate, inverse, normalised, single,
                     variables)

RANGES = {"range16": (0, 65535), "top": (-16383, 16383)}
TIMEOUT = 20


class Undecided(Exception):
    pass


class Model:
    """The solver's variables for the columns and products of columns of a case.

    A product of columns is a variable of its own within the bounds that the columns give: what follows for any
    such numbers follows for the products. `given` are (polynomial, least, greatest) that other tables guarantee.
    """

    def __init__(self, case, given):
        self.case = case
        self.intervals = {}
        self.columns = case.row.table.columns
        self.numbers = {}
        self.extra = 0
        self.conditions = []
        self.terms = {}
        self.facts = []
        general = []
        for column, roots in case.finite({}).items():
            self.narrow(column, min(roots), max(roots))
        for poly, low, high in given:
            self.lookup(poly, low, high, general)
        for message in case.messages:
            if message.bus in RANGES and message.multiplicity:
                assert constant_value(message.multiplicity) is not None, message.label
                self.lookup(message.values[0], *RANGES[message.bus], general)
        for poly, low, high in [g for g in general if not self.tightens(*g)]:
            self.facts.append(self.within(poly, low, high))

    def name(self, column):
        return self.columns[column] if column < len(self.columns) else f"number{column}"

    # Intervals

    def lookup(self, poly, low, high, general):
        column = single(poly)
        if column is None:
            # column + constant
            if degree(poly) == 1 and len([m for m in poly if m]) == 1:
                (column,), = [m for m in poly if m]
                offset = centred(poly.get((), 0))
                if poly[(column,)] == 1 and abs(offset) < 2**32:
                    self.narrow(column, low - offset, high - offset)
                    return
            general.append((poly, low, high))
        else:
            self.narrow(column, low, high)

    def narrow(self, column, low, high):
        a, b = self.intervals.get(column, (low, high))
        self.intervals[column] = (max(a, low), min(b, high))

    def interval(self, monomial):
        low, high = 1, 1
        for column in monomial:
            a, b = self.intervals.get(column, (0, P - 1))
            products = (low * a, low * b, high * a, high * b)
            low, high = min(products), max(products)
        if len(monomial) == 2 and monomial[0] == monomial[1]:
            low = max(low, 0)
        return low, high

    def range_of(self, poly):
        """The least and greatest value of an integer polynomial."""
        low = high = 0
        for monomial, coefficient in poly.items():
            a, b = self.interval(monomial)
            low += coefficient * (a if coefficient > 0 else b)
            high += coefficient * (b if coefficient > 0 else a)
        return low, high

    # Terms

    def term(self, monomial):
        if monomial not in self.terms:
            low, high = self.interval(monomial)
            if low == high:
                self.terms[monomial] = z3.IntVal(low)
                return self.terms[monomial]
            self.terms[monomial] = z3.Int("*".join(map(self.name, monomial)))
            self.conditions += [self.terms[monomial] >= low, self.terms[monomial] <= high]
        return self.terms[monomial]

    def integer(self, poly):
        """An integer polynomial as a term."""
        parts = [c * self.term(m) for m, c in sorted(poly.items()) if m]
        return z3.Sum([z3.IntVal(poly.get((), 0))] + parts)

    def fresh(self, name):
        self.extra += 1
        return z3.Int(f"{name}#{self.extra}")

    def lift(self, poly):
        """An integer polynomial in the class of a multiple of a polynomial modulo P: itself if that can be one
        multiple of P only, else the multiple by a power of two that has the smallest range."""
        best, width, scale = {}, None, 1
        spans = {m: self.interval(m)[1] - self.interval(m)[0] for m in poly}
        for _ in range(192):
            lifted = {m: centred(c * scale) for m, c in poly.items()}
            size = sum(abs(c) * spans[m] for m, c in lifted.items())
            if width is None or size < width:
                best, width = self.recentred(lifted), size
                least, greatest = self.multiples(best)
                if least >= greatest:
                    break
            scale = 2 * scale % P
        return best

    def recentred(self, lifted):
        """With the multiple of P added that brings the range about 0."""
        low, high = self.range_of(lifted)
        shift = (low + high + P) // (2 * P)
        return combine(lifted, {(): shift * P}, -1, modulus=None) if shift else lifted

    def multiples(self, lifted):
        """The least and greatest k for which the integer polynomial can be k·P."""
        low, high = self.range_of(lifted)
        return -(-low // P), high // P

    def vanishes(self, poly):
        """poly = 0 modulo P."""
        value = constant_value(poly)
        if value is not None:
            return z3.BoolVal(value == 0)
        lifted = self.lift(poly)
        least, greatest = self.multiples(lifted)
        if least > greatest:
            return z3.BoolVal(False)
        if least == greatest:
            return self.integer(lifted) == least * P
        k = self.fresh("k")
        self.conditions += [k >= least, k <= greatest]
        return self.integer(lifted) == k * P

    def differs(self, poly):
        """poly ≠ 0 modulo P."""
        value = constant_value(poly)
        if value is not None:
            return z3.BoolVal(value != 0)
        lifted = self.lift(poly)
        least, greatest = self.multiples(lifted)
        term = self.integer(lifted)
        if greatest - least < 8:
            return z3.And([term != k * P for k in range(least, greatest + 1)] or [z3.BoolVal(True)])
        k, rest = self.fresh("k"), self.fresh("rest")
        self.conditions += [k >= least - 1, k <= greatest + 1, rest >= 0, rest < P]
        return z3.And(term == k * P + rest, rest != 0)

    def tightens(self, poly, low, high):
        """Whether `low ≤ poly ≤ high` modulo P is a range of one column; it is then narrowed."""
        lifted = {m: centred(c) for m, c in poly.items()}
        least, greatest = self.wraps(lifted, low, high)
        linear = [m for m in lifted if m]
        if least != greatest or len(linear) != 1 or len(linear[0]) != 1:
            return False
        # c·column + d in low + kP … high + kP.
        (column,), c, d = linear[0], lifted[linear[0]], lifted.get((), 0)
        ends = (low + least * P - d, high + least * P - d)
        if c < 0:
            c, ends = -c, (-ends[1], -ends[0])
        self.narrow(column, -(-ends[0] // c), ends[1] // c)
        return True

    def wraps(self, lifted, low, high):
        """The least and greatest k for which the integer polynomial can be in low + k·P … high + k·P."""
        a, b = self.range_of(lifted)
        return -(-(a - high) // P), (b - low) // P

    def within(self, poly, low, high):
        """low ≤ poly ≤ high modulo P."""
        lifted = {m: centred(c) for m, c in poly.items()}
        least, greatest = self.wraps(lifted, low, high)
        term = self.integer(lifted)
        if least > greatest:
            return z3.BoolVal(False)
        if least == greatest:
            shift = least * P
        else:
            k = self.fresh("k")
            self.conditions += [k >= least, k <= greatest]
            shift = k * P
        return z3.And(term >= low + shift, term <= high + shift)

    def number(self, poly, low, high):
        """The integer of low … low + P − 1 that is congruent to a polynomial, as an integer polynomial.

        A column or constant stands for itself. Whether the number is at most `high`, the caller checks."""
        value = constant_value(poly)
        if value is not None:
            return {(): centred(value)} if value else {}
        if single(poly) is not None:
            return dict(poly)
        lifted = {m: centred(c) for m, c in poly.items()}
        a, b = self.range_of(lifted)
        if low <= a and b <= high:
            return lifted
        key = (tuple(sorted(poly.items())), low, high)
        if key not in self.numbers:
            self.numbers[key] = column = len(self.columns) + len(self.numbers)
            # Every element is one of these: nothing is assumed of the polynomial.
            self.intervals[column] = (low, low + P - 1)
            self.facts.append(self.vanishes(combine(poly, {(column,): 1}, -1)))
        return {(self.numbers[key],): 1}

    # Facts

    def equations(self, allowed=None, without=()):
        """The case's equations, those in allowed columns only, as formulas."""
        hints = self.case.hints()
        out = []
        for index, (label, factors) in enumerate(self.case.equations):
            if label in without:
                continue
            columns = set().union(*map(variables, factors))
            if allowed is not None and not columns <= allowed:
                continue
            if index in hints:
                _, g, h = hints[index]
                out.append(z3.Or(self.differs(g), self.vanishes(h)))
            else:
                out.append(z3.Or([self.vanishes(f) for f in factors]))
        return out

    def declared(self, integer):
        """The label of the declared equation that an integer polynomial vanishing modulo P is."""
        wanted = normalised({m: c % P for m, c in integer.items() if c % P})
        for label, factors in self.case.equations:
            if len(factors) == 1 and normalised(factors[0]) == wanted:
                return label
        return None

    def multiple(self, integer, bits, allowed, without):
        """An integer polynomial that is `integer` / 2^bits if the declared carries hold, None if none is found.

        Only a guess for the solver to confirm: equations that share a carry are added so that it cancels."""
        equations = []
        for label, factors in self.case.equations:
            columns = set().union(*map(variables, factors))
            if len(factors) > 1 or label in without or allowed is not None and not columns <= allowed:
                continue
            lifted = self.lift(factors[0])
            if self.multiples(lifted) == (0, 0):
                equations.append(lifted)
        for first in range(len(equations)):
            total, rest = equations[first], equations[:first] + equations[first + 1:]
            while total is not None:
                for sign in (1, -1):
                    left = combine(integer, total, sign, modulus=None)
                    if all(c % 2**bits == 0 for c in left.values()):
                        return {m: c >> bits for m, c in left.items()}
                total = self.cancelled(total, rest)
        return None

    @staticmethod
    def cancelled(total, rest):
        for index, equation in enumerate(rest):
            for monomial in set(total) & set(equation):
                ratio, remainder = divmod(-total[monomial], equation[monomial])
                if len(monomial) == 1 and not remainder and ratio in (2**16, 2**32, 2**48, 2**64):
                    del rest[index]
                    return combine(total, equation, ratio, modulus=None)
        return None

    def check(self, formulas, timeout=TIMEOUT):
        """sat with the values, or unsat."""
        solver = z3.Solver()
        solver.set("timeout", int(timeout * 1000))
        solver.add(*self.conditions, *self.facts, *formulas)
        result = solver.check()
        if result == z3.unknown:
            raise Undecided(solver.reason_unknown())
        if result == z3.unsat:
            return None
        model = solver.model()
        return {m: model.eval(t, model_completion=True).as_long() for m, t in self.terms.items()}


def complete(case, values):
    """A whole row from the solver's values: replaced columns, hints and S-boxes are computed."""
    table = case.row.table
    row = {}
    for monomial, value in values.items():
        if len(monomial) == 1:
            row[monomial[0]] = value % P  # also numbers that are no columns
    for index, poly in case.row.env.items():
        if constant_value(poly) is not None:
            row[index] = constant_value(poly)
    hints = case.hints()
    hinted = {c for c, _, _ in hints.values()}
    for index in range(len(table.columns)):
        if index not in row and index not in hinted:
            row[index] = 0
    for column, g, h in hints.values():
        row[column] = -evaluate(h, row) * inverse(evaluate(g, row)) % P
    for column, poly in reversed(case.definitions):
        row[column] = evaluate(poly, row)
    for _, node, column in case.row.steps:
        row[column] = 0
    for _, node, column in case.row.steps:
        row[column] = table.values([row[i] for i in range(len(table.columns))])[node]
    if case.row.steps:
        # What depends on an S-box comes after it.
        for column, poly in reversed(case.definitions):
            row[column] = evaluate(poly, row)
    return [row[i] for i in range(len(table.columns))]


def refusals(table, row):
    """The constraints and lookups of limbs that a row breaks."""
    values = table.values(row)
    out = [c["label"] for c in table.constraints if c["domain"] == "everywhere" and values[c["node"]]]
    for message in table.messages:
        if message["bus"] in RANGES and values[message["multiplicity"]]:
            low, high = RANGES[message["bus"]]
            if not low <= centred(values[message["values"][0]]) <= high:
                out.append(message["label"])
    return out

"""The tables as `zkvm tables --json` prints them, and one row of a unit as polynomials."""

import copy
import itertools

from algebra import (P, combine, constant, constant_value, degree, inverse, substitute, times, variable,
                     variables)


class Table:
    def __init__(self, data, buses):
        self.name = data["name"]
        self.log_height = data.get("logHeight")
        self.columns = [c["name"] for c in data["columns"]]
        self.fixed = [c["name"] for c in data["fixedColumns"]]
        self.nodes = [next(iter(n.items())) for n in data["nodes"]]
        self.constraints = data["constraints"]
        self.messages = [dict(m, bus=buses[m["bus"]]) for m in data["messages"]]

    def values(self, row, following=None, fixed=()):
        """The nodes' values on a row."""
        out = []
        for kind, operand in self.nodes:
            if kind == "constant":
                out.append(operand)
            elif kind == "column":
                out.append(row[operand])
            elif kind == "next":
                out.append(following[operand])
            elif kind == "fixed":
                out.append(fixed[operand])
            else:
                a, b = out[operand[0]], out[operand[1]]
                out.append((a + b if kind == "sum" else a - b if kind == "difference" else a * b) % P)
        return out

    def without(self, constraint=None, message=None):
        """A copy that lacks one item, given by its number."""
        other = copy.copy(self)
        if constraint is not None:
            other.constraints = [c for i, c in enumerate(self.constraints) if i != constraint]
        if message is not None:
            other.messages = [m for i, m in enumerate(self.messages) if i != message]
        return other


class Description:
    def __init__(self, data):
        assert data["format"] == 1, f"format {data['format']}, expected 1"
        assert data["modulus"] == P, "another field"
        self.buses = {b["number"]: b["name"] for b in data["buses"]}
        self.tables = {t["name"]: Table(t, self.buses) for t in data["tables"]}
        self.opcodes = data["opcodes"]
        self.blind_rows = data["blindRows"]
        self.scales = data["scales"]
        self.runs = data["coefficients"]

    def with_table(self, table):
        other = copy.copy(self)
        other.tables = dict(self.tables, **{table.name: table})
        return other


class Contradiction(Exception):
    """No row satisfies the constraints."""


class Message:
    def __init__(self, label, bus, multiplicity, values):
        self.label, self.bus, self.multiplicity, self.values = label, bus, multiplicity, values


class Row:
    """A unit's constraints and messages where some selectors are 1 and the others 0.

    `equations` are lists of factors whose product is 0 modulo P. `steps` are equations f = column of degree 3
    or more, kept as nodes: an S-box.
    """

    def __init__(self, table, selectors, selected):
        self.table = table
        self.env = {}
        for index, name in enumerate(table.columns):
            self.env[index] = constant(name in selected) if name in selectors else variable(index)
        self.cache = {}
        self.bounds = {}
        self.equations, self.steps = [], []
        for item in table.constraints:
            if item["domain"] != "everywhere":
                continue  # says nothing about most rows
            node = item["node"]
            kind, operand = table.nodes[node]
            if kind == "difference" and table.nodes[operand[1]][0] == "column" and self.bound(node) > 2:
                self.steps.append((item["label"], operand[0], table.nodes[operand[1]][1]))
                continue
            factors = self.factors(node)
            if any(not f for f in factors):
                continue
            factors = [f for f in factors if constant_value(f) is None]
            self.equations.append((item["label"], factors))
        self.messages = [
            Message(m["label"], m["bus"], self.poly(m["multiplicity"]), [self.poly(v) for v in m["values"]])
            for m in table.messages]

    def bound(self, node):
        """A bound of the degree, -1 for zero."""
        if node not in self.bounds:
            kind, operand = self.table.nodes[node]
            if kind == "constant":
                result = 0 if operand else -1
            elif kind == "column":
                result = degree(self.env[operand]) if self.env[operand] else -1
            elif kind == "product":
                a, b = self.bound(operand[0]), self.bound(operand[1])
                result = -1 if min(a, b) < 0 else a + b
            else:
                result = max(self.bound(operand[0]), self.bound(operand[1]))
            self.bounds[node] = result
        return self.bounds[node]

    def poly(self, node):
        if node not in self.cache:
            kind, operand = self.table.nodes[node]
            if kind == "constant":
                result = constant(operand)
            elif kind == "column":
                result = self.env[operand]
            elif kind == "product":
                result = {} if self.bound(node) < 0 else times(self.poly(operand[0]), self.poly(operand[1]))
            else:
                assert kind in ("sum", "difference"), f"{self.table.name}: a row's constraint has a {kind}"
                sign = 1 if kind == "sum" else -1
                result = combine(self.poly(operand[0]), self.poly(operand[1]), sign)
            self.cache[node] = result
        return self.cache[node]

    def factors(self, node):
        kind, operand = self.table.nodes[node]
        if kind == "product":
            return self.factors(operand[0]) + self.factors(operand[1])
        return [self.poly(node)]

    def cases(self, split=()):
        """The row's cases: columns of which a constraint leaves finitely many values are set to each of these where
        they are multiplied by others. `split` are columns to treat so, with their values."""
        yield from Case(self).branches(dict(split))


class Case:
    """A row after substitution. `definitions` are the columns that were replaced, in order."""

    def __init__(self, row):
        self.row = row
        self.equations = [(label, list(factors)) for label, factors in row.equations]
        self.messages = row.messages
        self.definitions = []
        self.choices = []

    def copy(self):
        other = copy.copy(self)
        other.equations = [(label, list(factors)) for label, factors in self.equations]
        other.definitions = list(self.definitions)
        other.choices = list(self.choices)
        return other

    def column(self, name):
        """The polynomial in a column's place."""
        return self.resolve(variable(self.row.table.columns.index(name)))

    def resolve(self, poly):
        for column, value in self.definitions:
            poly = substitute(poly, column, value)
        return poly

    def replace(self, column, value):
        self.definitions.append((column, value))
        self.equations = [(label, [substitute(f, column, value) for f in factors])
                          for label, factors in self.equations]
        self.messages = [
            Message(m.label, m.bus, substitute(m.multiplicity, column, value),
                    [substitute(v, column, value) for v in m.values]) for m in self.messages]

    def simplify(self):
        """Drops what holds and replaces columns that an equation gives."""
        while True:
            kept = []
            for label, factors in self.equations:
                if any(not f for f in factors):
                    continue
                factors = [f for f in factors if constant_value(f) is None]
                if not factors:
                    raise Contradiction(label)
                kept.append((label, factors))
            self.equations = kept
            found = self.definition()
            if not found:
                return
            self.replace(*found)

    def definition(self):
        """A column that an equation gives: as a constant, as another column, or as what no other equation needs."""
        uses = {}
        for _, factors in self.equations:
            for column in set().union(*map(variables, factors)):
                uses[column] = uses.get(column, 0) + 1
        later = None
        for _, factors in self.equations:
            if len(factors) != 1:
                continue
            poly = factors[0]
            linear = [m for m in poly if len(m) == 1]
            others = len(poly) - len(linear) - (() in poly)
            if not others and len(linear) == 1:
                column, = linear[0]
                return column, constant(-poly.get((), 0) * inverse(poly[linear[0]]))
            if not others and len(linear) == 2 and () not in poly:
                (a,), (b,) = sorted(linear)
                if (poly[(a,)] + poly[(b,)]) % P == 0:
                    return b, variable(a)
            if later is None:
                for monomial in linear:
                    column, = monomial
                    if uses[column] == 1 and sum(column in m for m in poly) == 1 and len(poly) <= 12 \
                            and (others == 0 or degree(poly) == 2 and others == 1) and not self.is_range(column):
                        rest = {m: c for m, c in poly.items() if m != monomial}
                        scale = -inverse(poly[monomial])
                        later = column, {m: c * scale % P for m, c in rest.items()}
                        break
        return later

    def is_range(self, column):
        """Whether a lookup bounds the column itself: then it stays."""
        return any(m.bus in ("range16", "top") and m.multiplicity and column in variables(m.values[0])
                   for m in self.messages)

    def finite(self, given):
        """Columns with finitely many values."""
        found = {c: list(v) for c, v in given.items()}
        for _, factors in self.equations:
            columns = set().union(*map(variables, factors))
            if len(columns) == 1 and all(degree(f) == 1 for f in factors):
                column, = columns
                roots = sorted({-f.get((), 0) * inverse(f[(column,)]) % P for f in factors})
                found[column] = [r for r in roots if column not in given or r in given[column]]
        return found

    def branches(self, given):
        try:
            self.simplify()
        except Contradiction:
            return
        finite = self.finite(given)
        mixed = {}
        for _, factors in self.equations:
            for factor in factors:
                for monomial in factor:
                    if len(monomial) > 1:
                        for column in set(monomial) & set(finite):
                            mixed[column] = mixed.get(column, 0) + 1
        if not mixed:
            yield self
            return
        column = max(mixed, key=lambda c: (mixed[c], -c))
        for value in finite[column]:
            other = self.copy()
            other.choices.append((self.row.table.columns[column], value))
            other.replace(column, constant(value))
            yield from other.branches({c: v for c, v in given.items() if c != column})

    def hints(self):
        """Equations g·v + h with a column v that nothing else needs: it exists unless g = 0 and h is not."""
        uses, looked_up = {}, set()
        for _, factors in self.equations:
            for column in set().union(*map(variables, factors)):
                uses[column] = uses.get(column, 0) + 1
        for message in self.messages:
            if message.multiplicity:
                looked_up |= set().union(*map(variables, message.values), variables(message.multiplicity))
        out = {}
        for index, (_, factors) in enumerate(self.equations):
            if len(factors) != 1 or degree(factors[0]) < 2:
                continue
            for column in sorted(variables(factors[0])):
                terms = {m: c for m, c in factors[0].items() if column in m}
                if uses[column] > 1 or column in looked_up or any(m.count(column) > 1 for m in terms) \
                        or (column,) in terms and len(terms) == 1:
                    continue
                g = {tuple(c for c in m if c != column): k for m, k in terms.items()}
                if degree(g) != 1:
                    continue
                h = {m: k for m, k in factors[0].items() if column not in m}
                if degree(h) <= 1:
                    out[index] = (column, g, h)
                    break
        return out

    @property
    def name(self):
        return ", ".join(f"{n} = {v}" for n, v in self.choices)


def limbs(polys, base=16):
    total = {}
    for index, poly in enumerate(polys):
        total = combine(total, poly, 1 << (base * index), modulus=None)
    return total


def selectors_of(description, unit):
    return {"is_" + o["name"] for o in description.opcodes if o["unit"] == unit}


__all__ = ["Contradiction", "Description", "Row", "Table", "limbs", "selectors_of", "itertools"]

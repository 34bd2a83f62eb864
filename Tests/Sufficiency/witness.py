"""Whole rows that satisfy the declared constraints: that there are some, and second solutions where an item is missing.

Products of columns are free in the proofs; here columns are set to numbers until none is left, so what the solver
finds is a row of field elements, and every declared constraint and lookup is evaluated on it.
"""

import math
import random
import time

import fixed
import prove
import specification
from algebra import P, constant, constant_value, single
from solver import Model, Undecided, complete, refusals
from tables import Contradiction


def edge(generator, low, high):
    """A number in a range, often a small one or an end."""
    kind = generator.randrange(4)
    if kind == 0:
        return max(low, min(high, generator.randrange(-1, 3)))
    if kind == 1:
        return generator.choice((low, high, max(low, min(high, 0))))
    return generator.randint(low, high)


STEPS = ("acc3", "acc2", "acc1", "acc0", "result")


def function_values(view, generator, steps):
    """An argument, and the rows of the fixed tables for it, with coefficients at the ends of their ranges; and what
    follows from them in the first `steps`, but for the carries."""
    fields = [constant_value(p) for p in view.received("scales")]
    rows = fixed.rows_of(view.description, specification.FUNCTIONS[view.opcode["name"]], fields)
    row = generator.choice(rows)
    run = generator.choice([r for r in view.description.runs if r["table"] == row[1]])
    segment = generator.randint(run["first"], run["last"])
    power = fixed.power(row)
    u = (-(-(segment << 52) // power)) + generator.randrange(max(1, 2**52 // power))
    segment, place = divmod(u * power, 2**52)
    if not run["first"] <= segment <= run["last"]:
        return None
    x = u + (row[4] << 48)
    x = -x if row[2] else x
    if not -16383 << 48 <= x < 2**62:
        return None
    values = dict(zip(map(single, view.received("scales")), row))
    values.update(zip(map(single, view.received("coefficients")), [row[1], segment] + run["minimum"]))
    values.update(zip(map(single, view.reads[0]), split(x)))
    table = view.case.row.table
    named = lambda name, value, count: values.update(
        (table.columns.index(f"{name}_{i}"), v) for i, v in enumerate(split(value, count)))
    named("t", place, 4)
    c = run["minimum"]
    value = c[4] + (c[5] << 16)
    for index, name in enumerate(STEPS[:steps]):
        if index < 4:
            count = 3 if index < 2 else 4
            offset = place - (row[3] << 52) if index >= 2 else (place >> 16) - (row[3] << 36)
            added, rest = rounded(4096 * value * offset, 16 * count)
            value = c[3 - index] + added + (row[9] if index == 3 else 0)
            named(name, value, count)
            named(name + "_rest", rest, count)
            continue
        value, rest = rounded(value * fixed.factor(row), 80)
        named("result_rest", rest, 5)
        if row[2] and view.opcode["name"] in ("cdf", "icdf"):
            value = (1 << 48) * (view.opcode["name"] == "cdf") - value
        if not -16383 << 48 <= value < 2**62:
            return None
        named("result", value, 4)
    return values


def product_values(view, generator, honest):
    """Operands of a product, a quotient or a root, with what follows from them but the carries if `honest`. Otherwise
    the result is left open, but for a root, which is another number."""
    name, shift = view.opcode["name"], 16 * constant_value(view.extra)
    small = lambda: generator.randint(1, 2**generator.randint(1, 45)) * generator.choice((1, -1))
    values = {}
    named = lambda polys, value: values.update(zip(map(single, polys), split(value)))
    rounding = name[-7:] if name.endswith("Nearest") else name[-5:] if name.endswith("Floor") else name[-4:]
    if name.startswith("mul"):
        x, y, w = small(), small(), small()
        half = 1 << shift - 1 if shift and rounding == "Nearest" else 0
        z = w + ((x * y + half) >> shift if rounding != "Ceil" else -(-x * y >> shift))
        error = (z - w << shift) - x * y
        u = error if rounding == "Ceil" else half - error
        result, operands = z, {0: x, 1: y, 2: w}
    elif name.startswith("div"):
        y, z = small(), small()
        sign = 1 - 2 * constant_value(view.case.column("negative"))
        y, n = sign * abs(y), z << shift
        if rounding == "Nearest":
            x = (2 * n * sign + abs(y)) // (2 * abs(y))
            u = sign * (2 * (n - x * y) + y)
        else:
            x = n // y if rounding == "Floor" else -(-n // y)
            u = sign * (n - x * y) * (1 if rounding == "Floor" else -1)
        result, operands = x, {1: y, 3: z}
    else:
        z = abs(small())
        n, x = z << shift, math.isqrt(z << shift)
        x += rounding == "Ceil" and x * x < n or rounding == "Nearest" and n > x * x + x
        error = n - x * x
        u = error + x - 1 if rounding == "Nearest" else error if rounding == "Floor" else -error
        result, operands = x, {3: z}
    if not -16383 << 48 <= result < 2**62:
        return None
    if name.startswith("sqrt") and not honest:
        result = generator.choice((-result, result + generator.choice((-1, 1)), generator.randrange(2**31)))
    if honest or name.startswith("sqrt"):
        named(view.published, result)
    for slot, value in operands.items():
        named(view.reads[slot], value)
    if honest:
        named([view.case.column(f"u_{i}") for i in range(4)], u)
    return values


def rounded(value, bits):
    """round(value / 2^bits), and what a row shows of the rounding."""
    quotient, place = divmod(value + (1 << bits - 1), 1 << bits)
    return quotient, place


def split(x, count=4):
    return [(x >> 16 * i) & 65535 for i in range(count - 1)] + [x >> 16 * (count - 1)]


def concrete(view, generator, honest):
    """The view's case with numbers in place of columns until no product is left, None if the numbers exclude it.

    `honest` numbers are those of a row that does what it should; otherwise a part of them is left open."""
    model = Model(view.case, view.given())
    case = view.case.copy()
    chosen = {}
    if view.opcode["unit"] == "Function":
        chosen = function_values(view, generator, 5 if honest else generator.choice((0, 1, 2, 3, 4, 4, 4, 4)))
    elif view.opcode["unit"] == "Product" and (honest or generator.randrange(4)):
        chosen = product_values(view, generator, honest)
    if chosen is None:
        return None
    try:
        for column, value in chosen.items():
            if column is not None and any(column in m for _, fs in case.equations for f in fs for m in f):
                case.replace(column, constant(value))
        case.simplify()
        while True:
            hinted = {c for c, _, _ in case.hints().values()}
            counts = {}
            for _, factors in case.equations:
                for factor in factors:
                    for monomial in factor:
                        if len(monomial) > 1 and not hinted & set(monomial):
                            for column in monomial:
                                counts[column] = counts.get(column, 0) + 1
            if not counts:
                break
            most = max(counts.values())
            column = generator.choice(sorted(c for c in counts if counts[c] == most))
            case.replace(column, constant(edge(generator, *model.intervals.get(column, (0, P - 1)))))
            case.simplify()
        return prove.View(view.description, case, view.opcode)
    except (Contradiction, prove.Structure):
        return None


def find(description, opcode, claimed, tries=12, seed=1, timeout=3, allowed=15):
    """A row of an instruction that satisfies everything declared and, if `claimed`, does not do what the
    instruction is for. The claims of intermediate numbers are left out: they are no difference by themselves.
    It gives up after `allowed` seconds."""
    deadline = time.monotonic() + allowed
    generator = random.Random(seed)
    all_views = list(prove.views(description, opcode))
    table = description.tables[opcode["unit"]]
    for _ in range(tries):
        view = concrete(generator.choice(all_views), generator, not claimed)
        if view is None:
            continue
        model = Model(view.case, view.given())
        view.start(model)
        wanted = [[]]
        if claimed:
            wanted = [c.formulas for c in view.claims() if not is_intermediate(c.name)]
        equations = model.equations()
        for formulas in wanted:
            if time.monotonic() > deadline:
                return None
            try:
                found = model.check(equations + formulas, timeout)
            except Undecided:
                continue
            if found is None:
                continue
            row = complete(view.case, found)
            if not refusals(table, row):
                return row
    return None


def is_intermediate(name):
    return name.endswith("over the integers") or " modulo 2^" in name

"""Checks that are not the solver's: bounds by interval arithmetic, S-boxes by algebra, fixed entries one by one."""

import math
import pathlib
import random
import sys

import fixed
import prove
import specification
from algebra import P, centred, combine, constant_value, variables
from solver import Model
from tables import Row, selectors_of

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Contracts" / "support"))
import poseidon2  # noqa: E402

CARRY_LIMIT = 2**63 - 2**32


def result(unit, opcode, claim, failure, detail=""):
    status = prove.STRUCTURE if failure else prove.PROVED
    out = prove.Result(unit, opcode, claim, status, 0, failure or detail)
    out.by_solver = False
    return out


def carry_sums(description, opcode):
    """Every sum of a carry chain is at most 2^63 − 2^32 in magnitude, from the declared ranges: with a carry of
    32 bits less 2^31, the equation modulo P is then one of integers."""
    largest, steps, failure = 0, set(), None
    for view in prove.views(description, opcode):
        model = Model(view.case, view.given())
        for label, factors in view.case.equations:
            if len(factors) > 1:
                continue
            names = {c: view.case.row.table.columns[c] for c in variables(factors[0])}
            signed = {m: c if c <= P // 2 else c - P for m, c in factors[0].items()}
            carried = {m: -c for m, c in signed.items()
                       if len(m) == 1 and "_carry" in names[m[0]] and c < 0}
            if not carried:
                continue
            low = min(carried.values())
            carry = {(): -low << 31, **carried}
            total = combine(signed, carry, modulus=None)
            total = combine({m: c for m, c in total.items() if m}, {(): centred(total.get((), 0))}, modulus=None)
            bound = max(map(abs, model.range_of(total)))
            step = max(map(abs, model.range_of(carry)))
            whole = max(map(abs, model.range_of(combine(total, carry, -1, modulus=None))))
            largest = max(largest, bound)
            steps.add(label)
            if bound > CARRY_LIMIT or step > 2**63 or whole >= P or low not in (2**16, 2**32):
                failure = f"{label}: the sum reaches 2^{math.log2(bound):.3f}"
    if not steps:
        failure = "no carries found"
    return result(opcode["unit"], opcode["mnemonic"], "carry sums", failure,
                  f"{len(steps)} steps, at most 2^{math.log2(largest or 1):.3f}, allowed 2^63 − 2^32")


def hash_row(description):
    table = description.tables["Hash"]
    return Row(table, selectors_of(description, "Hash"), {"is_merkle"})


def s_boxes_are_determined(description):
    """Every S-box column is a polynomial in what comes before it: f(state, earlier columns) = column."""
    row = hash_row(description)
    table = row.table
    known = {table.columns.index(f"state{i}") for i in range(8)}
    reads = []
    for kind, operand in table.nodes:
        if kind == "column":
            reads.append({operand})
        elif kind in ("constant", "next", "fixed"):
            reads.append(set())
        else:
            reads.append(reads[operand[0]] | reads[operand[1]])
    for label, node, column in row.steps:
        if not reads[node] <= known:
            missing = [table.columns[c] for c in reads[node] - known]
            return result("Hash", "permutation", "every S-box column is determined", f"{label}: {missing}")
        known.add(column)
    wanted = {i for i, c in enumerate(table.columns) if c.endswith("_cube") or c.endswith("_power")}
    missing = [table.columns[c] for c in sorted(wanted - known)]
    return result("Hash", "permutation", "every S-box column is determined",
                  f"not determined: {missing}" if missing else None, f"{len(wanted)} columns")


def s_boxes_are_poseidons(description, seed=1):
    """At random points, every equation of an S-box and of the result has the value that Poseidon2 gives it. Degree
    3 over P elements: an equation of another polynomial agrees with a chance below 2^-62."""
    row = hash_row(description)
    table = row.table
    generator = random.Random(seed)
    point = [generator.randrange(P) for _ in table.columns]
    values = table.values(point)
    at = lambda name: point[table.columns.index(name)]
    steps = {column: values[node] for _, node, column in row.steps}
    failure = None

    def box(x, name):
        nonlocal failure
        cube, power = (table.columns.index(f"{name}_{part}") for part in ("cube", "power"))
        if steps.get(cube) != pow(x, 3, P) or steps.get(power) != point[cube] ** 2 * x % P:
            failure = failure or name
        return point[power]

    state = poseidon2.mix([at(f"state{i}") for i in range(8)])
    for number, constants in enumerate(poseidon2.ROUNDS + poseidon2.LAST):
        if number == 4:
            for inner, c in enumerate(poseidon2.CONSTANTS[32:54]):
                state[0] = box((state[0] + c) % P, f"internal{inner}")
                total = sum(state)
                state = [(d * x + total) % P for d, x in zip(poseidon2.DIAGONAL, state)]
        state = poseidon2.mix([box((x + c) % P, f"external{number}_{i}")
                               for i, (x, c) in enumerate(zip(state, constants))])
    # result = output + state where the row hashes.
    for opcode in ("hashStart", "hashNext", "merkle"):
        other = Row(table, selectors_of(description, "Hash"), {"is_" + opcode})
        for i in range(4):
            column = table.columns.index(f"result_{i}")
            wanted = (state[i] + at(f"state{i}")) % P
            found = [f[0] for _, f in other.equations if len(f) == 1 and (column,) in f[0]]
            roots = set()
            for poly in found:
                rest = {m: c for m, c in poly.items() if m != (column,)}
                scale = -pow(poly[(column,)], P - 2, P)
                roots.add(sum(c * math.prod(point[x] for x in m) for m, c in rest.items()) * scale % P)
            if wanted not in roots:
                failure = failure or f"{opcode}: element {i} of the result"
    return result("Hash", "permutation", "S-boxes and results are Poseidon2's", failure, "86 S-boxes, 3 opcodes")


def windows(description):
    """The Limbs table offers 0 … 65535 and −16383 … 16383 and nothing else."""
    table = description.tables["Limbs"]
    active = (1 << table.log_height) - description.blind_rows
    counter = table.columns.index("counter")
    node = {c["domain"]: c["node"] for c in table.constraints}
    zero, one = [0] * len(table.columns), [0] * len(table.columns)
    one[counter] = 1

    def linear(index, following):
        """A node as constant, counter's and next counter's coefficient, by evaluation."""
        base = table.values(zero, zero)[index]
        here = table.values(one, zero)[index] - base
        there = table.values(zero, one)[index] - base
        return base % P, here % P, there % P if following else 0

    failure = None
    if "first" not in node or linear(node["first"], True) != (0, 1, 0):
        failure = "the counter does not start at 0"
    elif "transition" not in node or linear(node["transition"], True) not in ((P - 1, P - 1, 1), (1, 1, P - 1)):
        failure = "the counter does not count"
    offered = {"range16": set(), "top": set()}
    for message in table.messages:
        base, step, _ = linear(message["values"][0], False)
        if step != 1:
            failure = failure or f"{message['label']} is not the counter"
        base = base - P if base > P // 2 else base
        offered[message["bus"]] |= set(range(base, base + active))
    if offered["range16"] != set(range(65536)) or offered["top"] != set(range(-16383, 16384)):
        failure = failure or "the windows do not cover the ranges exactly"
    return result("Limbs", "table", "it offers the two ranges and nothing else", failure,
                  f"{active} active rows, {len(table.messages)} windows")


def cases_exclude_each_other(description, function):
    """For every argument one case of a function, but for the listed few: intervals of arguments, exactly."""
    number = specification.FUNCTIONS[function]
    intervals = []
    for row in (r for r in description.scales if r[0] == number):
        step = fixed.power(row)
        for run in (r for r in description.runs if r["table"] == row[1]):
            # segment·2^52 ≤ u·2^κ < (segment + 1)·2^52
            low = -(-(run["first"] << 52) // step)
            high = ((run["last"] + 1 << 52) - 1) // step
            shift = row[4] << 48
            ends = (-(high + shift), -(low + shift)) if row[2] else (low + shift, high + shift)
            ends = max(ends[0], -16383 << 48), min(ends[1], 2**62 - 1)
            if ends[0] <= ends[1]:
                intervals.append(ends)
    intervals.sort()
    shared, gaps = [], []
    reach = intervals[0][1]
    for low, high in intervals[1:]:
        if low <= reach:
            shared.append((low, min(high, reach)))
        elif low > reach + 1:
            gaps.append((reach + 1, low - 1))
        reach = max(reach, high)
    domain = (intervals[0][0], reach)
    wanted = fixed.SHARED[function]
    failure = None
    if shared != wanted["shared"]:
        failure = f"arguments with two cases: {shared}, expected {wanted['shared']}"
    elif gaps:
        failure = f"arguments without a case: {gaps[:3]}"
    elif domain != wanted["domain"]:
        failure = f"domain {domain}, expected {wanted['domain']}"
    return result("Function", function, "one case for every argument", failure,
                  f"{len(intervals)} intervals, {len(shared)} shared")


def ram(description):
    """The Ram table has a cell a row, zero at time 0, once each."""
    table = description.tables["Ram"]
    cell = table.columns.index("cell")
    generator = random.Random(2)
    row = [generator.randrange(P) for _ in table.columns]
    following = [generator.randrange(P) for _ in table.columns]
    values = table.values(row, following)
    node = {c["domain"]: c["node"] for c in table.constraints}
    failure = None
    if "first" not in node or values[node["first"]] not in (row[cell], -row[cell] % P):
        failure = "the cells are not numbered from 0"
    elif "transition" not in node or values[node["transition"]] != (following[cell] - row[cell] - 1) % P:
        failure = "the cells are not numbered in order"
    seen = [(values[m["multiplicity"]], [values[v] for v in m["values"]]) for m in table.messages]
    if (1, [row[cell], 0, 0, 0, 0, 0]) not in seen or len(seen) != 2:
        failure = failure or "a cell is not zero at time 0, once"
    taken = [t for count, t in seen if count == P - 1]
    if len(taken) != 1 or taken[0][0] != row[cell]:
        failure = failure or "a cell is not received once"
    return result("Ram", "table", "every cell is zero at time 0, and received once", failure)


def idle(description, unit):
    """A row that executes nothing sends and receives nothing."""
    table = description.tables[unit]
    row = Row(table, selectors_of(description, unit), set())
    failure = None
    for case in row.cases():
        busy = [m.label for m in case.messages if m.multiplicity]
        if busy:
            failure = f"in an idle row: {busy[0]}"
    return result(unit, "(idle)", "no message", failure)

"""Takes items of the tables away, to see that the solver finds the second solution that they exclude."""

import time

import beyond
import prove
import specification
import witness
from solver import Undecided
from tables import Row, selectors_of

UNITS = ("Control", "Adder", "Product", "Function", "Port", "Hash", "Memory")

# A few for every run: unit, kind, label.
QUICK = [
    ("Adder", "constraint", "the bit is [a < b]"),
    ("Adder", "constraint", "the bit is 0 unless a = b"),
    ("Adder", "message", "the distance is not negative, 15-bit top limb"),
    ("Product", "constraint", "the identity modulo p"),
    ("Product", "message", "U is not negative, limb 2"),
    ("Port", "message", "a secret is a word, limb 0"),
    ("Hash", "constraint", "squeeze: below p, the low half is 0 if the high half is all ones"),
    ("Memory", "message", "the previous access is earlier, limb 2"),
    ("Control", "constraint", "the condition picks the target"),
]

VERIFIED, ABSTRACT, OTHER, MISSED = (
    "a second solution", "a second solution of the abstract products", "by its form", "not noticed")


def without(description, unit, kind, label):
    """The tables without an item, which is known by its label."""
    table = description.tables[unit]
    items = table.constraints if kind == "constraint" else table.messages
    index = next((i for i, item in enumerate(items) if item["label"] == label), None)
    if index is None:
        return None
    return description.with_table(table.without(**{kind: index}))


def affected(description, unit, kind, label):
    """The unit's opcodes for which the item says something, those first."""
    out = []
    for opcode in (o for o in description.opcodes if o["unit"] == unit):
        row = Row(description.tables[unit], selectors_of(description, unit), {"is_" + opcode["name"]})
        if kind == "constraint":
            found = any(l == label for l, f in row.equations) or any(s[0] == label for s in row.steps)
        else:
            found = any(m.label == label and m.multiplicity for m in row.messages)
        if found:
            out.append(opcode)
    return out


def notice(description, unit, kind, label, timeout=5):
    """What notices that an item is missing, and how."""
    mutated = without(description, unit, kind, label)
    if mutated is None:
        return MISSED, "there is no such item"
    abstract = None
    for opcode in affected(description, unit, kind, label):
        results = prove.prove(mutated, opcode, timeout, stop=True)
        bad = next((r for r in results if r.status in (prove.REFUTED, prove.STRUCTURE)), None)
        if bad is None:
            continue
        if bad.status == prove.STRUCTURE:
            return OTHER, f"{bad.key}: {bad.detail}"
        try:
            if witness.find(mutated, opcode, claimed=True):
                return VERIFIED, bad.key
        except prove.Structure:
            pass
        abstract = abstract or bad.key
    if abstract:
        return ABSTRACT, abstract
    if prove.selectors(mutated, unit).status == prove.REFUTED:
        return VERIFIED, f"{unit}: the selectors"
    checks = [beyond.idle(mutated, unit)]
    if unit == "Hash":
        checks += [beyond.s_boxes_are_determined(mutated), beyond.s_boxes_are_poseidons(mutated)]
    if unit in ("Product", "Function"):
        checks += [beyond.carry_sums(mutated, o) for o in mutated.opcodes if o["unit"] == unit]
    bad = next((r for r in checks if r.status != prove.PROVED), None)
    return (OTHER, f"{bad.key}: {bad.detail}") if bad else (MISSED, "")


def noticed(description, unit, kind, label):
    """A result: the solver finds a second solution where an item is missing."""
    started = time.monotonic()
    how, where = notice(description, unit, kind, label)
    status = prove.PROVED if how == VERIFIED else prove.STRUCTURE
    return prove.Result(unit, "without", f"{kind} “{label}” has a second solution", status,
                        time.monotonic() - started, where if status == prove.PROVED else f"{how} {where}")


def try_one(job):
    description, unit, kind, label = job
    started = time.monotonic()
    try:
        how, where = notice(description, unit, kind, label)
    except Exception as error:  # a mutated table may be of a form that the specification does not know
        how, where = OTHER, f"{type(error).__name__}: {error}"
    return unit, kind, label, how, where, time.monotonic() - started


def report(pool, description, units):
    """Every constraint and message in turn: prints how each is noticed, and the numbers."""
    work = []
    for unit in units or UNITS:
        table = description.tables[unit]
        work += [(description, unit, "constraint", c["label"]) for c in table.constraints]
        work += [(description, unit, "message", m["label"]) for m in table.messages]
    counts, missed = {}, []
    for unit, kind, label, how, where, seconds in pool.imap(try_one, work):
        print(f"{seconds:6.1f} s  {unit}: {kind} “{label}”: {how}" + (f" ({where})" if where else ""), flush=True)
        counts.setdefault(unit, {}).setdefault(how, 0)
        counts[unit][how] += 1
        if how == MISSED:
            missed.append(f"{unit}: {label}")
    for unit, found in counts.items():
        print(f"{unit}: {sum(found.values())} items; " + ", ".join(f"{n} {how}" for how, n in found.items()))
    print("not noticed: " + ("; ".join(missed) or "none"))
    return 0

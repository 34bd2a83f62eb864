"""Claims about one instruction, put to the solver."""

import time

import z3

import fixed
import specification
from algebra import P, combine, constant, constant_value, single, times, variable
from solver import RANGES, TIMEOUT, Model, Undecided
from tables import Case, Row, limbs, selectors_of

PROVED, REFUTED, UNDECIDED, STRUCTURE = "proved", "REFUTED", "UNDECIDED", "STRUCTURE"


class Structure(Exception):
    """The messages are not those that an instruction has."""


class Claim:
    def __init__(self, name, formulas, columns, without, facts):
        self.name, self.formulas, self.columns = name, formulas, columns
        self.without, self.facts = without, facts


class View:
    """What the specification sees of a case: slots, words, results."""

    # What else an instruction takes and gives, by unit.
    OTHERS = {"Function": {"scales": [-1], "coefficients": [-1]}, "Memory": {"memory": [-1, 1]}}

    def __init__(self, description, case, opcode):
        self.description, self.case, self.opcode = description, case, opcode
        self.facts, self.addresses = [], []
        self.by_bus = {}
        publishers, readers = [], []
        for message in case.messages:
            if message.bus in RANGES:
                if constant_value(message.multiplicity) not in (0, P - 1):
                    raise Structure(f"{message.label}: looked up {message.multiplicity} times")
                continue
            count = constant_value(message.multiplicity)
            if count == 0:
                continue
            if message.bus == "value":
                if count == P - 1:
                    readers.append(message)
                elif count is None and single(message.multiplicity) is not None:
                    publishers.append(message)
                else:
                    raise Structure(f"{message.label}: sent {message.multiplicity} times")
                continue
            if count not in (1, P - 1):
                raise Structure(f"{message.label}: sent {message.multiplicity} times")
            self.by_bus.setdefault(message.bus, {}).setdefault(1 if count == 1 else -1, []).append(message)
        wanted = dict({"token": [-1, 1], "program": [-1]}, **self.OTHERS.get(opcode["unit"], {}))
        if opcode["name"] == "reveal":
            wanted["output"] = [1]
        found = {bus: sorted(s for s, m in signs.items() for _ in m) for bus, signs in self.by_bus.items()}
        if found != wanted:
            raise Structure(f"messages {found}, expected {wanted}")
        fetched = self.received("program")
        if constant_value(fetched[1]) != opcode["number"]:
            raise Structure(f"fetches opcode {constant_value(fetched[1])}")
        self.slots = [(fetched[2 + 2 * s], fetched[3 + 2 * s]) for s in range(6)]
        self.extra = fetched[14]
        self.pc, self.frame_pointer = self.received("token")
        if fetched[0] != self.pc:
            raise Structure("fetches an instruction that the token does not name")
        self.token_out = self.sent("token")
        self.read(readers)
        self.publish(publishers)

    def received(self, bus):
        return self.by_bus[bus][-1][0].values

    def sent(self, bus):
        return self.by_bus[bus][1][0].values

    def address(self, slot):
        m, offset = self.slots[slot]
        return combine(times(m, self.frame_pointer), offset)

    def read(self, readers):
        self.reads = {}
        slots = list(self.opcode["reads"])
        if len(readers) != len(slots):
            raise Structure(f"reads {len(readers)} cells, expected {len(slots)}")
        left = []
        for message in readers:
            slot = next((s for s in slots if self.address(s) == message.values[0]), None)
            if slot is None:
                left.append(message)
            else:
                slots.remove(slot)
                self.reads[slot] = message.values[1:]
        for message, slot in zip(left, slots):
            self.addresses.append((message.values[0], slot))
            self.reads[slot] = message.values[1:]

    def publish(self, publishers):
        slot = self.opcode["writes"] if "writes" in self.opcode else None
        if len(publishers) != (slot is not None):
            raise Structure(f"publishes {len(publishers)} cells")
        self.published = None
        if slot is not None:
            message, = publishers
            self.published = message.values[1:]
            # The loader: a result is frame-relative.
            if message.values[0] not in (self.address(slot), combine(self.frame_pointer, self.slots[slot][1])):
                self.addresses.append((message.values[0], slot))

    def given(self):
        """What other tables and the loader guarantee: (polynomial, least, greatest)."""
        name = self.opcode["name"]
        out = [(self.pc, 0, 2**18), (self.frame_pointer, 0, specification.FRAME_POINTER)]
        for m, offset in self.slots:
            out += [(m, 0, 1), (offset, 0, 2**32 - 1)]
        if name in specification.EXTRA:
            out.append((self.extra, *specification.EXTRA[name]))
        loose = specification.DIGESTS.get(name, set()) | specification.EITHER.get(name, set())
        for slot, polys in self.reads.items():
            if slot not in loose:
                out += [(p, *limit) for p, limit in zip(polys, specification.WORD)]
        if self.opcode["unit"] == "Memory":
            out.append((self.slots[2][1], 1, specification.LIMIT))
            out.append((self.received("memory")[1], 0, specification.FRAME_POINTER + 2**32))
        if self.opcode["unit"] == "Function":
            limits, self.product_bound = fixed.limits(
                self.description, specification.FUNCTIONS[name],
                [constant_value(p) for p in self.received("scales")])
            out += [(p, *limit) for p, limit in zip(
                self.received("scales") + self.received("coefficients"), limits)]
        return [(p, low, high) for p, low, high in out if constant_value(p) is None]

    def is_empty(self):
        """Whether the fixed tables have no entry for the case."""
        return self.opcode["unit"] == "Function" and not fixed.rows_of(
            self.description, specification.FUNCTIONS[self.opcode["name"]],
            [constant_value(p) for p in self.received("scales")])

    def start(self, model):
        self.model = model
        if self.published is not None:
            self.published_word = self.word_of(self.published)

    def word_of(self, polys):
        return limbs([self.model.number(p, *limit) for p, limit in zip(polys, specification.WORD)])

    def word(self, slot):
        return self.word_of(self.reads[slot])

    def term(self, poly):
        return self.model.integer(poly)

    def columns(self, chosen):
        return {i for i, c in enumerate(self.case.row.table.columns) if chosen(c)}

    def claim(self, name, formulas, columns=None, without=()):
        return Claim(name, formulas, columns, without, list(self.facts))

    def claims(self):
        out = [self.claim(f"the address of slot {slot}", [
            self.model.differs(combine(address, self.address(slot), -1))]) for address, slot in self.addresses]
        if self.opcode["unit"] != "Control":
            moved = [combine(self.pc, constant(1)), self.frame_pointer]
            out.append(self.claim("the token", [specification.differs(self, self.token_out, moved)]))
        return out + specification.effect(self)


class Result:
    def __init__(self, unit, opcode, claim, status, seconds=0.0, detail="", cases=1):
        self.key = f"{unit} {opcode}: {claim}"
        self.by_solver = True
        self.unit, self.status, self.seconds, self.detail, self.cases = unit, status, seconds, detail, cases


def splits(description, row, opcode):
    """Columns of fixed tables with few values, to be treated one by one."""
    if opcode["unit"] != "Function":
        return {}
    rows = [s for s in description.scales if s[0] == specification.FUNCTIONS[opcode["name"]]]
    scale = next((m for m in row.messages if m.bus == "scales"), None)
    if scale is None:
        return {}
    return {single(scale.values[field]): sorted({s[field] for s in rows}) for field in (2, 3)
            if single(scale.values[field]) is not None}


def row_of(description, opcode):
    table = description.tables[opcode["unit"]]
    return Row(table, selectors_of(description, opcode["unit"]), {"is_" + opcode["name"]})


def views(description, opcode):
    row = row_of(description, opcode)
    for case in row.cases(splits(description, row, opcode)):
        view = View(description, case, opcode)
        if not view.is_empty():
            yield view


def prove(description, opcode, timeout=TIMEOUT, stop=False):
    """Results of every claim about an instruction. `stop` at the first that fails."""
    unit, name = opcode["unit"], opcode["mnemonic"]
    totals = {}
    count = 0
    try:
        for view in views(description, opcode):
            count += 1
            view.start(Model(view.case, view.given()))
            for claim in view.claims():
                started = time.monotonic()
                status, detail = PROVED, ""
                try:
                    formulas = view.model.equations(claim.columns, claim.without)
                    found = view.model.check(formulas + claim.facts + claim.formulas, timeout)
                    if found is not None:
                        status, detail = REFUTED, view.case.name or "a second solution"
                except Undecided as reason:
                    status, detail = UNDECIDED, f"{view.case.name}: {reason}"
                total = totals.setdefault(claim.name, Result(unit, name, claim.name, PROVED, cases=0))
                total.seconds += time.monotonic() - started
                total.cases += 1
                if status != PROVED and total.status != REFUTED:
                    total.status, total.detail = status, detail
                if status == REFUTED and stop:
                    return list(totals.values())
    except Structure as reason:
        return list(totals.values()) + [Result(unit, name, "its messages", STRUCTURE, 0, str(reason))]
    if not count:
        return [Result(unit, name, "its messages", STRUCTURE, 0, "no case is possible")]
    return [Result(unit, name, "its messages", PROVED, cases=count)] + list(totals.values())


def selectors(description, unit, timeout=TIMEOUT):
    """A row executes one instruction or none: the constraints on selectors alone leave nothing else."""
    table = description.tables[unit]
    names = selectors_of(description, unit)
    chosen = [i for i, c in enumerate(table.columns) if c in names]
    row = Row.__new__(Row)
    row.table, row.env = table, {i: variable(i) for i in range(len(table.columns))}
    row.cache, row.bounds, row.steps, row.messages, row.equations = {}, {}, [], [], []
    support = []
    for kind, operand in table.nodes:
        support.append({operand} if kind == "column" else set() if kind == "constant" else
                       {-1} if kind in ("next", "fixed") else support[operand[0]] | support[operand[1]])
    for item in table.constraints:
        if item["domain"] == "everywhere" and support[item["node"]] <= set(chosen):
            row.equations.append((item["label"], row.factors(item["node"])))
    model = Model(Case(row), [])
    values = [model.integer(variable(c)) for c in chosen]
    one_hot = [z3.And([v == int(i == j) for j, v in enumerate(values)]) for i in range(len(values))]
    started = time.monotonic()
    status, detail = PROVED, ""
    try:
        found = model.check(
            model.equations() + [z3.Not(z3.Or(one_hot + [z3.And([v == 0 for v in values])]))], timeout)
        if found is not None:
            status, detail = REFUTED, str({table.columns[m[0]]: v for m, v in found.items() if v})
    except Undecided as reason:
        status, detail = UNDECIDED, str(reason)
    return Result(unit, "(selectors)", "one instruction a row", status, time.monotonic() - started, detail)

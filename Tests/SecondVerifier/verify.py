#!/usr/bin/env python3
"""A second verifier, in plain Python, from the documents in Spec and two files of numbers.

It shares no code with the first one. What it reads of the project: columns, constraints and messages
in Spec/tables.json, the functions' tables in Sources/CTables/tables.c, and the tables' digests, which go
into the transcript, in Tests/Vectors/air-digests.txt. So it does not check that those numbers are
right; Tests/Reference/check_tables.py and FrozenTests do.

    python3 Tests/SecondVerifier/verify.py PROOF PROGRAM     # PROGRAM assembled

Exit status 0 accepted, 1 refused. The XXH3 checksums guard against damage, not fraud; they are not
checked here.
"""

import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Reference"))
import blake3
import check_tables
import tables as spec

P = spec.P
ROOT_32 = 1753635133440165772
PROFILES = {
    1: dict(b=1, q=228, h=512, overlap=256, packing=2),
    2: dict(b=2, q=114, h=256, overlap=128, packing=3),
    3: dict(b=4, q=58, h=128, overlap=64, packing=3),
    4: dict(b=6, q=38, h=128, overlap=64, packing=3),
}
KINDS = ["Control", "Adder", "Product", "Function", "Port", "Program", "Given", "Coefficients", "Scales", "Limbs",
         "Hash", "Memory", "Ram"]
UNITS = {"Control", "Adder", "Product", "Function", "Port", "Hash", "Memory"}
WORD_MIN, WORD_MAX = -16383 << 48, (1 << 62) - 1


class Refused(Exception):
    pass


def require(condition, reason):
    if not condition:
        raise Refused(reason)


# --- Field -------------------------------------------------------------------


class E(tuple):
    """a + bu + cu², u³ = u + 1."""

    def __add__(x, y):
        return E(((x[0] + y[0]) % P, (x[1] + y[1]) % P, (x[2] + y[2]) % P))

    def __sub__(x, y):
        return E(((x[0] - y[0]) % P, (x[1] - y[1]) % P, (x[2] - y[2]) % P))

    def __mul__(x, y):
        a, b, c = x
        if isinstance(y, int):
            return E((a * y % P, b * y % P, c * y % P))
        d, e, f = y
        c3, c4 = b * f + c * e, c * f
        return E(((a * d + c3) % P, (a * e + b * d + c3 + c4) % P, (a * f + b * e + c * d + c4) % P))

    def __pow__(x, n):
        r = base(1)
        while n:
            if n & 1:
                r = r * x
            x = x * x
            n >>= 1
        return r

    def inverse(x):
        a, b, c = x
        s, t = a + c, b + c
        m, n, o = s * s - t * b, t * c - b * s, b * b - s * c
        d = pow(a * m + c * n + b * o, P - 2, P)
        return E((m * d % P, n * d % P, o * d % P))


def base(x):
    return E((x % P, 0, 0))


ZERO, ONE, U, U2 = base(0), base(1), E((0, 1, 0)), E((0, 0, 1))


def root(log):
    return pow(ROOT_32, 1 << (32 - log), P)


def inv(x):
    return pow(x, P - 2, P)


def rev(i, bits):
    return int(format(i, f"0{bits}b")[::-1], 2) if bits else 0


def horner(coefficients, x):
    total = ZERO
    for c in reversed(coefficients):
        total = total * x + c
    return total


# --- Files -------------------------------------------------------------------


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, n):
        require(0 <= n <= len(self.data) - self.at, f"truncated at byte {self.at}")
        self.at += n
        return self.data[self.at - n : self.at]

    def u(self, size):
        return int.from_bytes(self.raw(size), "little")

    def i64(self):
        return int.from_bytes(self.raw(8), "little", signed=True)

    def count(self, size):
        n = self.u(4)
        require(n * size <= len(self.data) - self.at, "a count exceeds the file")
        return n

    def string(self):
        return self.raw(self.u(4)).decode()

    def element(self):
        x = self.u(8)
        require(x < P, "an element is not below p")
        return x

    def extension(self):
        return E((self.element(), self.element(), self.element()))

    def extensions(self):
        return [self.extension() for _ in range(self.count(24))]

    def digest(self):
        return self.raw(32)


class Program:
    """The parts of an assembled program that a verifier needs."""

    def __init__(self, data):
        r = Reader(data[:-8])
        require(r.raw(4) == b"ZKVB" and r.u(4) == 2, "not bytecode of version 2")
        start = r.at
        self.name = r.string()
        fields = lambda: [(r.string(), r.u(1)) for _ in range(r.count(5))]
        self.public, self.secret = fields(), fields()
        self.streams = [(r.string(), fields()) for _ in range(r.count(8))]
        self.outputs = fields()
        self.constants = [r.i64() for _ in range(r.count(8))]
        self.blocks = [(r.u(4), r.u(4), r.u(4)) for _ in range(r.count(12))]
        self.instructions = []
        for _ in range(r.count(30)):
            opcode, flags = r.u(1), r.u(1)
            slots = [r.u(4) for _ in range(6)]
            self.instructions.append((opcode, [(flags >> i & 1, s) for i, s in enumerate(slots)], r.u(4)))
        self.arrays = [(r.u(4), r.u(1)) for _ in range(r.count(5))]
        self.digest = blake3.digest(b"zkvm program v2" + data[start : r.at])
        self.memory = sum(length for length, _ in self.arrays)
        # Without constants and public inputs address 0 stays free: time 0 is the memory's before the run.
        self.frame_start = max(len(self.constants) + len(self.public), 1)


class Opening:
    def __init__(self, r):
        self.groups = []
        for _ in range(r.count(9)):
            count, width, salt = r.u(4), r.u(4), r.u(1)
            require(count * (8 * width + salt) <= len(r.data) - r.at, "rows exceed the file")
            require((count > 0) == (width > 0) and (count > 0 or salt == 0), "an empty group has a width")
            rows = []
            for _ in range(count):
                rows.append(([r.element() for _ in range(width)], r.raw(salt)))
            self.groups.append(rows)
        self.siblings = [r.digest() for _ in range(r.count(32))]


class Proof:
    def __init__(self, data):
        require(len(data) <= 1 << 26, "the file is too long")
        r = Reader(data[:-8])
        require(r.raw(4) == b"ZKVP" and r.u(4) == 2, "not a proof of version 2")
        self.profile, self.hiding = r.u(1), r.u(1)
        require(self.profile in PROFILES and self.hiding <= 1, "unknown profile")
        self.program = r.digest()
        self.public = [r.i64() for _ in range(r.count(8))]
        self.outputs = [r.i64() for _ in range(r.count(8))]
        self.tables = [tuple(r.raw(2)) for _ in range(r.count(2))]
        self.heights = [log for _, log in self.tables]
        self.main_root, self.lookup_root = r.digest(), r.digest()
        self.terminals = r.extensions()
        self.quotient_root = r.digest()
        self.openings = [[r.extensions() for _ in range(4)] for _ in range(r.count(16))]
        self.quotient = r.extensions()
        self.fri_roots = [r.digest() for _ in range(r.count(32))]
        self.final = r.extensions()
        self.nonce = r.u(8)
        self.queries = [Opening(r) for _ in range(3)]
        self.fri = [Opening(r) for _ in range(r.count(8))]
        require(r.at == len(r.data), "trailing bytes")


# --- Transcript and trees ----------------------------------------------------


def u64(x):
    return x.to_bytes(8, "little", signed=x < 0)


class Transcript:
    def __init__(self):
        self.state = blake3.derive_key("zkvm transcript v1")

    def hash(self, kind, label, rest=b""):
        label = label.encode()
        return blake3.keyed(self.state, bytes([kind]) + u64(len(label)) + label + rest)

    def absorb(self, label, data):
        self.state = self.hash(0, label, u64(len(data)) + data).read(32)

    def absorb_elements(self, label, elements):
        self.absorb(label, b"".join(u64(x) for e in elements for x in e))

    def draw(self, label, count):
        stream = self.hash(1, label).read(8 * count)
        self.state = self.hash(2, label).read(32)
        return [int.from_bytes(stream[i : i + 8], "little") for i in range(0, 8 * count, 8)]

    def challenge(self, label):
        # Values ≥ p are skipped; sixteen words hold three good ones but for a chance of 2^-400.
        return E([w for w in self.draw(label, 16) if w < P][:3])

    def indices(self, label, count, bits):
        return [w & ((1 << bits) - 1) for w in self.draw(label, count)]

    def accepts(self, nonce):
        return int.from_bytes(self.hash(3, "grind", u64(nonce)).read(8), "little") >> 48 == 0


LEAF, NODE = blake3.derive_key("zkvm merkle leaf v1"), blake3.derive_key("zkvm merkle node v1")


def merkle_root(shape, salt, positions, opening, name):
    """shape: (log rows, width) by group, tallest first."""
    require(len(opening.groups) == len(shape), f"{name}: number of groups")
    by_height = {log: i for i, (log, _) in enumerate(shape)}
    nodes = sorted(set(positions))
    siblings = iter(opening.siblings)

    def row_hashes(group):
        rows, width = opening.groups[group], shape[group][1]
        require(len(rows) == len(nodes), f"{name}: number of rows")
        out = []
        for row, row_salt in rows:
            require(len(row) == width and len(row_salt) == salt, f"{name}: width")
            out.append(blake3.keyed(LEAF, row_salt + b"".join(map(u64, row))).read(32))
        return out

    hashes = row_hashes(0)
    for level in range(shape[0][0] - 1, -1, -1):
        known = dict(zip(nodes, hashes))
        parents = sorted({n >> 1 for n in nodes})
        pairs = []
        for parent in parents:
            sides = []
            for child in (2 * parent, 2 * parent + 1):
                if child in known:
                    sides.append(known[child])
                else:
                    sibling = next(siblings, None)
                    require(sibling is not None, f"{name}: a sibling is missing")
                    sides.append(sibling)
            pairs.append(sides[0] + sides[1])
        nodes = parents
        if level in by_height:
            pairs = [p + r for p, r in zip(pairs, row_hashes(by_height[level]))]
        hashes = [blake3.keyed(NODE, p).read(32) for p in pairs]
    require(next(siblings, None) is None, f"{name}: a sibling too many")
    return hashes[0]


# --- Machine -----------------------------------------------------------------


def limbs(word):
    return [word & 0xFFFF, word >> 16 & 0xFFFF, word >> 32 & 0xFFFF, word >> 48]


DIGEST = 2


def split(fields, words):
    """The words of each field: one, or a digest's four elements."""
    out, at = [], 0
    for _, form in fields:
        size = 4 if form == DIGEST else 1
        out.append((form, words[at : at + size]))
        at += size
    return out if at == len(words) else None


def columns(form, words):
    """A cell's four columns."""
    return [w % 2**64 for w in words] if form == DIGEST else limbs(words[0])


def is_valid(form, words):
    return all(w % 2**64 < P for w in words) if form == DIGEST else WORD_MIN <= words[0] <= WORD_MAX


def unit_of(opcode):
    return ("Control" if opcode <= 3 else "Port" if opcode <= 11 else "Adder" if opcode <= 30
            else "Product" if opcode <= 42 else "Function" if opcode <= 53
            else "Hash" if opcode <= 68 else "Memory")


def fixed_entries(kind, program, public):
    if kind == "Program":
        return [[pc, op] + [x for slot in slots for x in slot] + [extra]
                for pc, (op, slots, extra) in enumerate(program.instructions)]
    if kind == "Given":
        cells = [limbs(w) for w in program.constants]
        cells += [columns(*value) for value in split(program.public, public)]
        return [[i] + cell for i, cell in enumerate(cells)] or [[0, 0, 0, 0, 0]]
    if kind in ("Coefficients", "Scales"):
        # The rows of the program's functions, in the order of the published tables.
        used = {op - 47 for op, _, _ in program.instructions if 48 <= op <= 53}
        coefficients, scales = check_tables.rows()
        scales = [row for row in scales if row[0] in used]
        if kind == "Scales":
            return [[f, t, negated, end, a] + limbs(1 << kappa) + [h] + [g >> (16 * i) & 0xFFFF for i in range(6)]
                    for f, t, negated, end, a, kappa, h, g in scales]
        tables = {row[1] for row in scales}
        return [[t, s] + c[:4] + [c[4] & 0xFFFF, c[4] >> 16] for t, s, c in coefficients if t in tables]
    return []


def evaluate(expression, main, following, fixed):
    kind = expression[0]
    if kind == "number":
        return base(expression[1])
    if kind == "main":
        return main[expression[1]]
    if kind == "next":
        return following[expression[1]]
    if kind == "fixed":
        return fixed[expression[1]]
    a, b = (evaluate(e, main, following, fixed) for e in expression[1:])
    return a + b if kind == "+" else a - b if kind == "-" else a * b


def air_digests(packing, h):
    rows = (spec.ROOT / "Tests/Vectors/air-digests.txt").read_text().split()
    found = [r.split(",") for r in rows]
    return {n: bytes.fromhex(d) for n, pk, hh, d in found if (int(pk), int(hh)) == (packing, h)}


def security_bits(log_n, b, q, batch, constraints, degree, interactions, width):
    rho, n_ = 2.0**-b, 2.0**log_n
    log_f, domain, r = 3 * math.log2(P), 2.0 ** (log_n + b), 2.0 ** (-b / 2)
    best = 0
    layers = len([x for x in range(log_n, 7, -3)])
    for m in range(0, 513):
        t = m + 0.5
        if m == 0:
            theta, size = (1 - rho) / 2, 1.0
            gap = lambda n: math.log2(theta * n + 1)
        else:
            theta, size = 1 - r - r / (2 * m), t / r
            gap = lambda n: math.log2((2 * t**5 + 3 * t * theta * rho) * n / (3 * rho * r) + t / r)
        terms = [log_f - gap(domain) - math.log2(batch - 1)]
        terms += [log_f - gap(domain / 8 ** (i + 1)) - 3 for i in range(layers)]
        if theta <= 0:
            continue
        terms.append(-q * math.log2(1 - theta) + 16)
        terms.append(log_f - math.log2(size * constraints))
        terms.append(log_f - math.log2(size * ((degree + 1) * (n_ + 1) + n_ - 1)))
        terms.append(log_f - math.log2(size * interactions * (width + 2)))
        best = max(best, min(128, min(terms)))
    return math.floor(best)


# --- Verification ------------------------------------------------------------


def verify(proof, program, minimum=128):
    buses, all_tables = spec.load()
    profile = PROFILES[proof.profile]
    b, q, packing, overlap = profile["b"], profile["q"], profile["packing"], profile["overlap"]
    h = profile["h"] if proof.hiding else 1
    salt = 16 if proof.hiding else 0
    chunks = packing + 1

    require(proof.program == program.digest, "another program")
    public, outputs = split(program.public, proof.public), split(program.outputs, proof.outputs)
    require(public is not None, "number of public inputs")
    require(outputs is not None, "number of outputs")
    require(all(is_valid(*value) for value in public + outputs), "not a word or a digest")

    used = {unit_of(op) for op, _, _ in program.instructions}
    present = lambda k: k in used or k in ("Program", "Given", "Limbs") or (
        k in ("Coefficients", "Scales") and "Function" in used) or (k == "Ram" and "Memory" in used)
    expected = [t for t in all_tables if present(t.name)]
    require(all(kind < len(KINDS) for kind, _ in proof.tables), "table numbers")
    named = [(KINDS[kind], log) for kind, log in proof.tables]
    # Units may have several instances, by falling height.
    for (name, log), (after, after_log) in zip(named, named[1:]):
        require(name != after or (name in UNITS and log > after_log), "instances")
    first = [name for i, (name, _) in enumerate(named) if i == 0 or named[i - 1][0] != name]
    require(first == [t.name for t in expected], "tables")
    by_name = {t.name: t for t in expected}
    tables = [by_name[name] for name, _ in named]
    entries = [fixed_entries(t.name, program, proof.public) for t in tables]
    least = lambda rows: max(0, (rows - 1).bit_length())
    minimum_log = least(max(2 * h, 128))
    for t, log, e in zip(tables, proof.heights, entries):
        if t.name == "Limbs":
            require(log == 13, "height of Limbs")
        elif t.name == "Ram":
            require(log == max(minimum_log, least(program.memory + h)), "height of Ram")
        elif e:
            require(log == max(minimum_log, least(len(e) + h)), f"height of {t.name}")
        else:
            require(minimum_log <= log <= 26, f"height of {t.name}")
    for t in expected:
        if t.name == "Limbs":
            width = 8192 - h
            offsets = limb_windows(width)
            t.messages = [(bus, mult, [("+", ("main", "counter"), ("number", o))])
                          for (bus, mult, _), o in zip(t.messages, offsets)]
    big = max(proof.heights)
    n_big, domain_log = 1 << big, big + b

    groups = [[t.messages[i : i + packing] for i in range(0, len(t.messages), packing)] for t in tables]
    nexts = [t.next_columns() for t in tables]
    batch = 3 * chunks + 1 + sum(
        len(t.columns) + 3 * len(g) + len(n) + 3 for t, g, n in zip(tables, groups, nexts))
    constraints = sum(len(t.constraints) + len(g) + 2 for t, g in zip(tables, groups))
    interactions = sum(len(t.messages) << log for t, log in zip(tables, proof.heights))
    width = max(len(v) for t in tables for _, _, v in t.messages)
    bits = security_bits(big, b, q, batch, constraints, packing + 2, interactions, width)
    require(bits >= minimum, f"{bits} bits of security")

    require(len(proof.terminals) == len(tables) == len(proof.openings), "number of tables opened")
    for t, g, nx, (main, lookup, next_main, next_lookup) in zip(tables, groups, nexts, proof.openings):
        require((len(main), len(lookup), len(next_main), len(next_lookup)) ==
                (len(t.columns), 3 * len(g), len(nx), 3), f"openings of {t.name}")
    require(len(proof.quotient) == 3 * chunks, "quotient openings")
    layers = list(range(big, 7, -3))
    final_log = layers[-1] - 3
    require(len(proof.fri_roots) == len(layers) == len(proof.fri), "FRI layers")
    require(len(proof.final) == 1 << final_log, "final polynomial")

    # Transcript
    t = Transcript()
    t.absorb("protocol", b"zkvm lifted STARK v1")
    numbers = [b, q, h, overlap, packing, chunks, 3, 16, 8, salt]
    t.absorb("parameters", bytes([proof.profile, proof.hiding]) + b"".join(x.to_bytes(4, "little") for x in numbers))
    digests = air_digests(packing, h)
    t.absorb("air", blake3.digest(b"".join(u64(KINDS.index(x.name)) + digests[x.name] for x in expected)))
    t.absorb("program", program.digest)
    t.absorb("public inputs", b"".join(map(u64, proof.public)))
    t.absorb("outputs", b"".join(map(u64, proof.outputs)))
    t.absorb("tables", b"".join(bytes([KINDS.index(x.name), log]) for x, log in zip(tables, proof.heights)))
    t.absorb("main root", proof.main_root)
    alpha, beta = t.challenge("alpha"), t.challenge("beta")
    t.absorb("lookup root", proof.lookup_root)
    t.absorb_elements("terminals", proof.terminals)

    powers = [beta]
    while len(powers) < width:
        powers.append(powers[-1] * beta)

    def fingerprint(bus, values):
        total = alpha + base(buses[bus])
        for power, value in zip(powers, values):
            total = total + power * value
        return total

    balance = ZERO
    for x in proof.terminals:
        balance = balance + x
    balance = balance + fingerprint("token", [0, program.frame_start]).inverse()
    balance = balance - fingerprint("token", [len(program.instructions), 0]).inverse()
    for i, value in enumerate(outputs):
        balance = balance - fingerprint("output", [i] + columns(*value)).inverse()
    require(balance == ZERO, "the buses do not balance")

    lam = t.challenge("lambda")
    t.absorb("quotient root", proof.quotient_root)
    zeta = t.challenge("zeta")
    size = 1 << domain_log
    while zeta**n_big == ONE or zeta**size == ONE or (zeta * inv(7)) ** size == ONE:
        zeta = t.challenge("zeta")

    # Constraints at zeta
    total, weight = ZERO, ONE
    z_inverse = (zeta**n_big - ONE).inverse()
    for i, table in enumerate(tables):
        log = proof.heights[i]
        n, w = 1 << log, root(log)
        point = zeta ** (n_big >> log)
        main_list, lookup, next_main, next_lookup = proof.openings[i]
        main = dict(zip(table.columns, main_list))
        following = {table.columns[c]: v for c, v in zip(nexts[i], next_main)}
        fixed = dict(zip(table.fixed, evaluate_fixed(entries[i], log, point)))
        join = lambda v, k: v[3 * k] + v[3 * k + 1] * U + v[3 * k + 2] * U2
        aux = [join(lookup, k) for k in range(len(groups[i]))]
        acc_next = join(next_lookup, 0)
        value = lambda e: evaluate(e, main, following, fixed)
        sums = {}

        def add(domain, v):
            nonlocal weight
            sums[domain] = sums.get(domain, ZERO) + weight * v
            weight = weight * lam

        for expression, domain in table.constraints:
            add(domain, value(expression))
        for g, group in enumerate(groups[i]):
            d = [fingerprint(bus, [value(v) for v in values]) for bus, _, values in group]
            fraction = aux[g]
            if g == 0:
                fraction = acc_next - aux[0]
                for other in aux[1:]:
                    fraction = fraction - other
            left = fraction
            for x in d:
                left = left * x
            right = ZERO
            for m, (_, multiplicity, _) in enumerate(group):
                term = value(multiplicity)
                for j, x in enumerate(d):
                    if j != m:
                        term = term * x
                right = right + term
            add("everywhere", left - right)
        start = main_list[0] + main_list[1] * U + main_list[2] * U2
        add("last", acc_next - start)
        add("terminal", aux[0] - proof.terminals[i])

        blind, row = ONE, pow(w, n - h, P)
        for _ in range(h):
            blind = blind * (point - base(row))
            row = row * w % P
        q_t = sums.get("everywhere", ZERO) + sums.get("transition", ZERO) * (point - base(pow(w, n - h - 1, P)))
        total = total + q_t * blind * z_inverse
        for domain, r in (("first", 0), ("terminal", n - h), ("last", n - 1)):
            if domain in sums:
                g = pow(w, r, P)
                total = total + sums[domain] * ((point - base(g)) * n).inverse() * g
    quotient, step = ZERO, zeta ** (n_big - overlap)
    for c in reversed(range(chunks)):
        quotient = quotient * step + proof.quotient[3 * c] + proof.quotient[3 * c + 1] * U + proof.quotient[3 * c + 2] * U2
    require(total == quotient, "the constraints do not hold")

    # Batch and folding challenges
    for main_list, lookup, next_main, next_lookup in proof.openings:
        t.absorb_elements("main openings", main_list)
        t.absorb_elements("lookup openings", lookup)
        t.absorb_elements("next main openings", next_main)
        t.absorb_elements("next lookup openings", next_lookup)
    t.absorb_elements("quotient openings", proof.quotient)
    gamma = t.challenge("gamma")
    betas = []
    for r in proof.fri_roots:
        t.absorb("FRI root", r)
        betas.append(t.challenge("FRI fold"))
    t.absorb_elements("final polynomial", proof.final)
    require(t.accepts(proof.nonce), "the proof of work is missing")
    t.absorb("nonce", proof.nonce.to_bytes(8, "little"))
    positions = sorted(set(t.indices("queries", q, domain_log)))

    # Trees
    heights = sorted(set(proof.heights), reverse=True)
    shape = lambda f: [(x + b, sum(f(i) for i in range(len(tables)) if proof.heights[i] == x)) for x in heights]
    tree = [
        (proof.main_root, shape(lambda i: len(tables[i].columns)), "main"),
        (proof.lookup_root, shape(lambda i: 3 * len(groups[i])), "lookup"),
        (proof.quotient_root, [(domain_log, 3 * chunks + (3 if proof.hiding else 0))], "quotient"),
    ]
    for (expected, s, name), opening in zip(tree, proof.queries):
        require(merkle_root(s, salt, positions, opening, name) == expected, f"{name} tree")
    for i, layer in enumerate(layers):
        at = [x >> 3 * (i + 1) for x in positions]
        found = merkle_root([(layer + b - 3, 24)], 0, at, proof.fri[i], f"FRI layer {i}")
        require(found == proof.fri_roots[i], f"FRI layer {i}")

    # Queries
    gammas, g = [], ONE
    for _ in range(batch - 1):
        g = g * gamma
        gammas.append(g)
    here_value, next_value, k = ZERO, ZERO, 0
    weights = []
    for parts in proof.openings:
        mine = []
        for index, values in enumerate(parts):
            w = gammas[k : k + len(values)]
            k += len(values)
            mine.append(w)
            for x, v in zip(w, values):
                if index < 2:
                    here_value = here_value + x * v
                else:
                    next_value = next_value + x * v
        weights.append(mine)
    quotient_weights = gammas[k:]
    for x, v in zip(quotient_weights, proof.quotient):
        here_value = here_value + x * v
    zeta_next = zeta * root(big)
    w_domain = root(domain_log)
    expected = {}
    row_index = [{p: i for i, p in enumerate(sorted({x >> (big - hh) for x in positions}))} for hh in heights]
    for number, position in enumerate(positions):
        x = base(7 * pow(w_domain, rev(position, domain_log), P))
        here, following = ZERO, ZERO
        at = {hh: [0, 0] for hh in heights}
        for i in range(len(tables)):
            hh = proof.heights[i]
            group = heights.index(hh)
            row = row_index[group][position >> (big - hh)]
            main_row, lookup_row = (proof.queries[r].groups[group][row][0] for r in (0, 1))
            m0, l0 = at[hh]
            wm, wl, wnm, wnl = weights[i]
            for j, w in enumerate(wm):
                here = here + w * main_row[m0 + j]
            for j, w in enumerate(wl):
                here = here + w * lookup_row[l0 + j]
            for c, w in zip(nexts[i], wnm):
                following = following + w * main_row[m0 + c]
            for j, w in enumerate(wnl):
                following = following + w * lookup_row[l0 + j]
            at[hh] = [m0 + len(wm), l0 + len(wl)]
        row = proof.queries[2].groups[0][number][0]
        for w, v in zip(quotient_weights, row):
            here = here + w * v
        value = (here - here_value) * (x - zeta).inverse() + (following - next_value) * (x - zeta_next).inverse()
        if proof.hiding:
            value = value + E(row[3 * chunks :])
        expected[position] = value

    shift = 7
    half = inv(2)
    for i, layer in enumerate(layers):
        log = layer + b
        at = sorted({x >> 3 for x in expected})
        leaves = {a: [E(row[3 * j : 3 * j + 3]) for j in range(8)] for a, (row, _) in zip(at, proof.fri[i].groups[0])}
        for position, value in expected.items():
            require(leaves[position >> 3][position & 7] == value, f"folding into layer {i}")
        expected = {}
        for a, leaf in leaves.items():
            s, c, values = shift, betas[i], leaf
            for fold in range(3):
                bits_ = log - fold
                out = []
                for j in range(0, len(values), 2):
                    x = s * pow(root(bits_), rev((a << (3 - fold)) + j, bits_), P) % P
                    u, v = values[j], values[j + 1]
                    out.append((u + v) * half + c * ((u - v) * inv(2 * x)))
                s, c, values = s * s % P, c * c, out
            expected[a] = values[0]
        shift = pow(shift, 8, P)
    log = final_log + b
    for position, value in expected.items():
        x = shift * pow(root(log), rev(position, log), P) % P
        require(horner(proof.final, x) == value, "final polynomial")
    return bits


def limb_windows(width):
    return spec.limb_offsets(0, 1 << 16, 9, width) + spec.limb_offsets(-16383, 32767, 5, width)


def evaluate_fixed(entries, log, point):
    if not entries:
        return []
    n, w = 1 << log, root(log)
    factor = (point**n - ONE) * inv(n)
    last = entries[-1]
    totals = [ZERO] * len(last)
    # One inversion for all: Montgomery's trick.
    points, power = [], 1
    for _ in entries:
        points.append(power)
        power = power * w % P
    differences = [point - base(x) for x in points]
    prefix, product = [], ONE
    for d in differences:
        prefix.append(product)
        product = product * d
    inverse = product.inverse()
    for i in reversed(range(len(entries))):
        weight = inverse * prefix[i] * points[i]
        inverse = inverse * differences[i]
        for c, (x, y) in enumerate(zip(entries[i], last)):
            if x != y:
                totals[c] = totals[c] + weight * ((x - y) % P)
    return [factor * v + base(y) for v, y in zip(totals, last)]


def check(proof_bytes, program_bytes):
    """The bits of an accepted proof; raises Refused."""
    return verify(Proof(proof_bytes), Program(program_bytes))


if __name__ == "__main__":
    proof_path, program_path = sys.argv[1:3]
    try:
        bits = check(pathlib.Path(proof_path).read_bytes(), pathlib.Path(program_path).read_bytes())
    except Refused as reason:
        print(f"refused: {reason}")
        sys.exit(1)
    print(f"accepted, {bits} bits")

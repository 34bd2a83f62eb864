"""Digests as the Spec defines them (Spec/Machine.md, "Digests"), written from it and from the papers."""
P = 2**64 - 2**32 + 1
WIDTH, EXTERNAL, INTERNAL = 8, 8, 22


def grain(count):
    """The Grain LFSR of the Poseidon paper for a prime field of 64 bits, x^7, and these rounds."""
    bits = "".join(format(v, f"0{n}b") for v, n in
                   ((1, 2), (0, 4), (64, 12), (WIDTH, 12), (EXTERNAL, 10), (INTERNAL, 10))) + "1" * 30
    state = [int(b) for b in bits]

    def step():
        bit = state[62] ^ state[51] ^ state[38] ^ state[23] ^ state[13] ^ state[0]
        state.append(bit)
        del state[0]
        return bit

    for _ in range(160):
        step()
    out = []
    while len(out) < count:
        value = 0
        for _ in range(64):
            while not step():
                step()
            value = value << 1 | step()
        if value < P:
            out.append(value)
    return out


CONSTANTS = grain(EXTERNAL * WIDTH + INTERNAL)
DIAGONAL = [0xA98811A1FED4E3A5, 0x1CC48B54F377E2A0, 0xE40CD4F6C5609A26, 0x11DE79EBCA97A4A3,
            0x9177C73D8B7E929C, 0x2A6FE8085797E791, 0x3DE6E93329F8D5AD, 0x3F7AF9125DA962FE]
BLOCK = [[5, 7, 1, 3], [4, 6, 1, 1], [1, 3, 5, 7], [1, 1, 4, 6]]
ROUNDS = [CONSTANTS[8 * i:8 * i + 8] for i in range(4)]
LAST = [CONSTANTS[54 + 8 * i:62 + 8 * i] for i in range(4)]


def mix(s):
    halves = [[sum(m * x for m, x in zip(row, s[b:b + 4])) for row in BLOCK] for b in (0, 4)]
    total = [a + b for a, b in zip(*halves)]
    return [(h + t) % P for half in halves for h, t in zip(half, total)]


def permute(s):
    s = mix(s)
    for constants in ROUNDS:
        s = mix([pow(x + c, 7, P) for x, c in zip(s, constants)])
    for c in CONSTANTS[32:54]:
        s[0] = pow(s[0] + c, 7, P)
        total = sum(s)
        s = [(d * x + total) % P for d, x in zip(DIAGONAL, s)]
    for constants in LAST:
        s = mix([pow(x + c, 7, P) for x, c in zip(s, constants)])
    return s


ZERO = (0, 0, 0, 0)


def compress(a, b):
    s = permute([*a, *b])
    return tuple((x + y) % P for x, y in zip(s, a))


def hash_words(*words):
    state = (len(words), 0, 0, 0)
    for i in range(0, len(words), 4):
        block = [int(w) % P for w in words[i:i + 4]]
        state = compress(state, block + [0] * (4 - len(block)))
    return state


def text(digest):
    return "0x" + "".join(f"{x:016x}" for x in digest)


def random_digest(rng):
    return tuple(rng.randrange(P) for _ in range(4))


def squeeze(digest, element):
    return digest[element] & (2**48 - 1)


class Tree:
    """A Merkle tree of 2^depth leaves, the missing ones zeros."""

    def __init__(self, leaves, depth):
        self.levels, self.zeros, self.depth = [list(leaves)], [ZERO], depth
        for level in range(depth):
            nodes, zero = self.levels[level], self.zeros[level]
            self.levels.append([compress(nodes[i], nodes[i + 1] if i + 1 < len(nodes) else zero)
                                for i in range(0, len(nodes), 2)])
            self.zeros.append(compress(zero, zero))

    def node(self, level, index):
        nodes = self.levels[level]
        return nodes[index] if index < len(nodes) else self.zeros[level]

    @property
    def root(self):
        return self.node(self.depth, 0)

    def path(self, leaf):
        """As records of a stream."""
        return [{"right": leaf >> level & 1, "sibling": text(self.node(level, leaf >> level ^ 1))}
                for level in range(self.depth)]


def chain(digests):
    state = hash_words(len(digests))
    for digest in digests:
        state = compress(state, digest)
    return state


def q(value, bits):
    """A decimal as a word: the nearest, ties away from zero."""
    from fractions import Fraction

    scaled = Fraction(str(value)) * 2**bits
    whole = int(abs(scaled) + Fraction(1, 2))
    return whole if scaled >= 0 else -whole


def exact(word, bits=32):
    """A word as its exact decimal."""
    sign, word = "-" * (word < 0), abs(word)
    return f"{sign}{word >> bits}." + str((word % (1 << bits)) * 10**bits >> bits).zfill(bits)


def seal(records, formats, blind):
    """The commitment to a stream: dicts of decimals, {name: fraction bits}."""
    state = hash_words(len(records))
    for record in records:
        state = compress(state, hash_words(*(q(record[name], bits) for name, bits in formats.items())))
    return text(compress(state, blind))


def attach(rng, inputs, expected, name, blind_name, records, formats):
    """Adds a seal to a contract's inputs; one in twenty good ones gets a wrong one."""
    blind = random_digest(rng)
    inputs["public"][name] = seal(records, formats, blind)
    inputs["secret"][blind_name] = text(blind)
    if not isinstance(expected, str) and rng.random() < 0.05:
        inputs["secret"][blind_name] = text(random_digest(rng))
        return inputs, "the records are not those that were committed to"
    return inputs, expected


assert permute(list(range(8)))[0] == 14266028122062624699  # Plonky3's vector

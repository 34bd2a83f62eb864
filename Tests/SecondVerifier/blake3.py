"""BLAKE3 in plain Python: keyed, derive-key and plain modes with extendable output."""

IV = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]
PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
START, END, PARENT, ROOT, KEYED, CONTEXT, MATERIAL = 1, 2, 4, 8, 16, 32, 64
M = 0xFFFFFFFF


def compress(cv, block, counter, length, flags):
    v = list(cv) + IV[:4] + [counter & M, counter >> 32, length, flags]
    m = list(block)

    def g(a, b, c, d, x, y):
        v[a] = (v[a] + v[b] + x) & M
        t = v[d] ^ v[a]
        v[d] = (t >> 16) | (t << 16) & M
        v[c] = (v[c] + v[d]) & M
        t = v[b] ^ v[c]
        v[b] = (t >> 12) | (t << 20) & M
        v[a] = (v[a] + v[b] + y) & M
        t = v[d] ^ v[a]
        v[d] = (t >> 8) | (t << 24) & M
        v[c] = (v[c] + v[d]) & M
        t = v[b] ^ v[c]
        v[b] = (t >> 7) | (t << 25) & M

    for r in range(7):
        g(0, 4, 8, 12, m[0], m[1])
        g(1, 5, 9, 13, m[2], m[3])
        g(2, 6, 10, 14, m[4], m[5])
        g(3, 7, 11, 15, m[6], m[7])
        g(0, 5, 10, 15, m[8], m[9])
        g(1, 6, 11, 12, m[10], m[11])
        g(2, 7, 8, 13, m[12], m[13])
        g(3, 4, 9, 14, m[14], m[15])
        m = [m[i] for i in PERMUTATION]
    return [v[i] ^ v[i + 8] for i in range(8)] + [v[i + 8] ^ cv[i] for i in range(8)]


def words(data):
    data = data + bytes(-len(data) % 64)
    return [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]


class Output:
    def __init__(self, cv, block, counter, length, flags):
        self.parts = (cv, block, counter, length, flags)

    def chaining_value(self):
        return compress(*self.parts)[:8]

    def read(self, count):
        cv, block, _, length, flags = self.parts
        out = b""
        index = 0
        while len(out) < count:
            out += b"".join(w.to_bytes(4, "little") for w in compress(cv, block, index, length, flags | ROOT))
            index += 1
        return out[:count]


def output(data, key=IV, flags=0):
    def chunk(index):
        part = data[1024 * index : 1024 * (index + 1)]
        blocks = [part[i : i + 64] for i in range(0, len(part), 64)] or [b""]
        cv = key
        for i, block in enumerate(blocks):
            f = flags | (START if i == 0 else 0) | (END if i == len(blocks) - 1 else 0)
            out = Output(cv, (words(block) or [0] * 16), index, len(block), f)
            if i < len(blocks) - 1:
                cv = out.chaining_value()
        return out

    def tree(first, count):
        if count == 1:
            return chunk(first)
        left = 1 << ((count - 1).bit_length() - 1)
        block = tree(first, left).chaining_value() + tree(first + left, count - left).chaining_value()
        return Output(key, block, 0, 64, flags | PARENT)

    return tree(0, max(1, (len(data) + 1023) // 1024))


def key_words(key):
    return [int.from_bytes(key[i : i + 4], "little") for i in range(0, 32, 4)]


def digest(data):
    return output(data).read(32)


def keyed(key, data):
    return output(data, key_words(key), KEYED)


def derive_key(context):
    inner = output(context.encode(), IV, CONTEXT).read(32)
    return output(b"", key_words(inner), MATERIAL).read(32)

#!/usr/bin/env python3
"""Hostile files: every command ends soon, in little memory, and says what is wrong.

    python3 Tests/CommandLine/hostile.py .build/release

The bounds are those of Spec/Security.md, "Hostile input". Times are wall-clock and generous: they
tell a runaway from work, not fast from slow.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time

import xxhash

SECONDS = 30
PROOF_MEGABYTES = 256
TEXT_MEGABYTES = 400
# Files as long as their kind may be, and longer ones, endless ones, and holes of a terabyte.
LIMIT_SECONDS = 120
LONG_MEGABYTES = 200
SOURCE_MEGABYTES = 2000
INPUTS_MEGABYTES = 700

BIN = sys.argv[1]
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
GOLDEN = os.path.join(ROOT, "Tests/Golden")
failures = []
slowest = 0.0
count = 0


def run(name, statuses, *command, seconds=SECONDS):
    """Runs a command that must end in time with one of the statuses and a message."""
    global count, slowest
    count += 1
    start = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "SWIFT_BACKTRACE": "enable=no"}
    ) as process:
        timer_expired = False
        try:
            message = process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            timer_expired = True
            process.kill()
            message = process.communicate()[0]
    slowest = max(slowest, time.monotonic() - start)
    if timer_expired:
        failures.append(f"{name}: more than {seconds} s")
    elif process.returncode not in statuses or (process.returncode and not message):
        failures.append(f"{name}: status {process.returncode}, {message[:200]}")


def measured(kind, limit, body):
    """Runs `body` in a child, whose children's largest resident size is the kind's."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        body()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        text = repr((failures, slowest, peak, count))
        os.write(write, text.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found, seconds, peak, runs = eval(pipe.read().decode())  # our own child's repr
    os.waitpid(child, 0)
    print(f"{kind}: {runs} files, at most {seconds:.1f} s and {peak:.0f} MB")
    if peak > limit:
        found.append(f"{kind}: {peak:.0f} MB, at most {limit} are stated")
    for failure in found:
        print("FAILED", failure)
    return len(found)


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def sealed(data):
    return bytes(data) + xxhash.xxh3_64(bytes(data)).digest()[::-1]


def golden(name):
    with open(os.path.join(GOLDEN, name), "rb") as file:
        return file.read()


def proofs(folder):
    generator = random.Random(1)
    verify = os.path.join(BIN, "zkvm-verify")
    program = os.path.join(GOLDEN, "tiny.bytecode")
    honest = golden("tiny.proof")

    def check(name, data):
        run(f"proof, {name}", (1, 2), verify, write(folder, "p", data), "--program", program)

    for size in (0, 1, 7, 8, 100, 4096):
        check(f"the first {size} bytes", honest[:size])
        check(f"the first {size} bytes, sealed", sealed(honest[:size]))
    check("64 MiB of zeros", bytes(64 << 20))
    check("64 MiB of zeros behind the header", sealed(honest[:64] + bytes((64 << 20) - 72)))
    check("64 MiB of noise", generator.randbytes(64 << 20))
    check("65 MiB", honest + bytes(65 << 20))
    check("an honest proof and as much noise as fits", sealed(honest[:-8] + generator.randbytes(63 << 20)))
    # Counts, heights, lengths and elements as large as can be.
    spots = list(range(0, 600, 1)) + [generator.randrange(len(honest) - 16) for _ in range(200)]
    for spot in spots[:: 3]:
        for pattern in (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"):
            data = bytearray(honest[:-8])
            data[spot : spot + 4] = pattern
            check(f"{pattern.hex()} at byte {spot}", sealed(data))


def largest_reader():
    """A valid program with as many channels and reads of them as are allowed."""
    u32 = lambda x: x.to_bytes(4, "little")
    text = lambda x: u32(len(x)) + x.encode()
    fields = u32(4096) + b"".join(text(f"f{i}") + b"\0" for i in range(4096))
    streams = u32(64) + b"".join(text(f"s{i}") + fields for i in range(64))
    reads = (1 << 18) - 1
    data = [b"ZKVB", u32(2), text("channels"), u32(0), u32(0), streams, u32(0), u32(0),
            u32(1), u32(0), u32(0), u32(reads), u32(reads + 1)]
    for i in range(reads):
        data.append(bytes([8, 8]) + u32(0) * 3 + u32(i) + u32(0) * 2 + u32(1 + i % 4096 + 4097 * (i % 64)))
    end = u32(reads + 1)
    data += [bytes([3, 0]) + u32(0) + end + end + u32(0) * 4]
    return b"".join(data + [u32(0), u32(0), u32(0)])


def programs(folder):
    verify = os.path.join(BIN, "zkvm-verify")
    proof = os.path.join(GOLDEN, "tiny.proof")
    for name in ("tiny", "black-scholes"):
        honest = golden(f"{name}.bytecode")
        for spot in range(0, len(honest) - 12, 2 if name == "tiny" else 31):
            for pattern in (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"):
                data = bytearray(honest[:-8])
                data[spot : spot + 4] = pattern
                # What no rule touches, like a name, leaves a valid program.
                run(f"{name} with {pattern.hex()} at byte {spot}", (0, 1, 2), verify,
                    proof, "--program", write(folder, "b", sealed(data)))
    run("every channel, every instruction", (1,), verify, proof, "--program",
        write(folder, "b", sealed(largest_reader())))
    run("64 MiB of bytecode", (2,), verify, proof, "--program",
        write(folder, "b", sealed(golden("tiny.bytecode")[:200] + bytes(64 << 20))))


def sources():
    head = ".secret a: int\n.output q: int\n"
    yield "nested repeats", head + "".join(".repeat 65536, i%d\n" % i for i in range(40)) + ".end\n" * 40
    yield "a repeat of too much", head + ".repeat 65536, i\n" + " add x, a, 1\n" * 65536 + ".end\n"
    yield "procedures that call two others", ".output q: int\n" + "".join(
        f".proc p{i}(a: int) -> (r: int)\n call b, p{i + 1}, a\n call r, p{i + 1}, b\n.end\n" for i in range(60)
    ) + " call x, p0, 1\n reveal q, x\n"
    yield "variables across labels", head + " jump s\ns:\n" + "".join(f" set v{i}, a\n" for i in range(3000)) + (
        " lt f, a, 5\n") + "".join(f" branch f, l{i}, m{i}\nl{i}:\n jump m{i}\nm{i}:\n" for i in range(20000)) + (
        " set x, a\n") + "".join(f" add x, x, v{i}\n" for i in range(3000)) + " reveal q, x\n"
    yield "a variable for every label", head + " lt f, a, 5\n jump l0\n" + "".join(
        f"l{i}:\n set v{i}, a\n branch f, l{i * 7919 % 20000}, l{i + 1}\n" for i in range(20000)
    ) + "l20000:\n set x, a\n" + "".join(f" add x, x, v{i}\n" for i in range(20000)) + " reveal q, x\n"
    yield "unknown names", head + "".join(f" add w{i}, z{i}, 1\n" for i in range(60000))
    yield "a long name", head + " add x, " + "a" * 1000000 + ", 1\n"
    yield "a long number", head + " add x, a, 0." + "1" * 1000000 + "\n"
    yield "empty lines", "\n" * 2000000
    yield "many constants", "".join(f".const c{i}: int = {i}\n" for i in range(100000))
    yield "many labels", "".join(f"l{i}:\n" for i in range(100000))
    yield "brackets", head + " add x, a, " + "(" * 1000000 + "\n"
    yield "an include of itself", '.include "s"\n' * 100000


BOOK = b"""
.program "book"
.public spot: q32
.public rate: q48
.stream positions { quantity: int, kind: int, strike: q32, years: q48, vol: q48 }
.output q: int
    read positions
    assert_lt positions.quantity, 0
    set x, 1
    reveal q, x
"""


def long_files(folder):
    """Nothing is kept of what is too long, whatever it is read as."""
    zkvm, verify = os.path.join(BIN, "zkvm"), os.path.join(BIN, "zkvm-verify")
    program, proof = os.path.join(GOLDEN, "tiny.bytecode"), os.path.join(GOLDEN, "tiny.proof")
    book = write(folder, "book.zkasm", BOOK)
    public = write(folder, "i.json", b'{"public": {"spot": 60, "rate": 0.08}}')
    holes = write(folder, "holes", b"")
    os.truncate(holes, 1 << 40)
    large = write(folder, "large", b"")
    os.truncate(large, 1_200_000_000)
    includes = write(folder, "main.zkasm", b'.include "large"\n')
    for name, path in (("1.2 GB", large), ("holes", holes), ("/dev/zero", "/dev/zero")):
        run(f"{name} as a proof", (2,), zkvm, "verify", path, "--program", program)
        run(f"{name} as a proof, alone", (2,), verify, path, "--program", program)
        run(f"{name} as a program", (2,), zkvm, "id", path)
        run(f"{name} as a program, alone", (2,), verify, proof, "--program", path)
        run(f"{name} as inputs", (2,), zkvm, "run", book, "--inputs", path)
        run(f"{name} as a stream", (2,), zkvm, "run", book, "--inputs", public, "--stream", f"positions={path}")
        run(f"{name} as records", (2,), zkvm, "commit", path, "--fields", "a:int")
    run("1.2 GB included", (2,), zkvm, "id", includes)


def longest_sources(folder):
    zkvm = os.path.join(BIN, "zkvm")
    for name, text in (("NULs", b"\0"), ("line ends", b"\n"), ("names", b"a\n"), ("comments", b";\n")):
        path = write(folder, "s.zkasm", text * ((16 << 20) // len(text)))
        run(f"16 MiB of {name}", (0, 1, 2), zkvm, "id", path, seconds=LIMIT_SECONDS)


def long_inputs(folder):
    """A quarter of what inputs may have, so that the runs stay short: 32 MiB."""
    zkvm = os.path.join(BIN, "zkvm")
    book = write(folder, "book.zkasm", BOOK)
    public = write(folder, "i.json", b'{"public": {"spot": 60, "rate": 0.08}}')
    head = b'{"public": {"spot": 60, "rate": 0.08}, "secret": {"positions": ['
    for name, item, end in (("objects", b"{},", b"{}"), ("numbers", b"1,", b"1"), ("arrays", b"[],", b"[]")):
        path = write(folder, "l.json", head + item * ((32 << 20) // len(item)) + end + b"]}}")
        run(f"32 MiB of {name}", (2,), zkvm, "run", book, "--inputs", path, seconds=LIMIT_SECONDS)
    header = b"quantity,kind,strike,years,vol\n"
    for name, line in (
        ("records", b"-3,1,65,0.25,0.3\n"), ("short rows", b"1\n"), ("long lines", b"," * ((2 << 20) - 1) + b"\n"),
        ("empty lines", b"\n"), ("commas", b","),
    ):
        path = write(folder, "s.csv", header + line * ((32 << 20) // len(line)))
        run(f"32 MiB of {name}", (0, 1, 2), zkvm, "run", book, "--inputs", public, "--stream", f"positions={path}",
            seconds=LIMIT_SECONDS)


def texts(folder):
    zkvm = os.path.join(BIN, "zkvm")
    for name, text in sources():
        path = write(folder, "s", text.encode())
        run(name, (0, 1, 2), zkvm, "assemble", path, "--output", os.path.join(folder, "o"))
    book = write(folder, "book.zkasm", BOOK)
    public = '{"public": {"spot": 60, "rate": 0.08}, "secret": {"positions": '
    for name, text in (
        ("deep arrays", "[" * 5000000),
        ("deep objects", '{"a":' * 2000000),
        ("many records", public + "[" + "{}," * 2000000 + "{}]}}"),
        ("a long number", public[:-1] + "1" * 5000000 + "}}"),
        ("a long string", '{"' + "a" * 5000000 + '": 1}'),
        ("a large exponent", '{"public": {"spot": 1e999999999, "rate": 0.08}}'),
        ("the least exponent", '{"public": {"spot": 1e-9223372036854775808, "rate": 0.08}}'),
    ):
        path = write(folder, "i.json", text.encode())
        run(f"inputs, {name}", (1, 2), zkvm, "run", book, "--inputs", path)
    good = write(folder, "i.json", b'{"public": {"spot": 60, "rate": 0.08}}')
    for name, text in (
        ("quotes", '"' * 3000001),
        ("commas", "," * 3000000),
        ("rows", "quantity,kind,strike,years,vol\n" + "1\n" * 1000000),
        ("the least exponent", "quantity,kind,strike,years,vol\n1e-9223372036854775808,0,1,1,1\n"),
    ):
        path = write(folder, "s.csv", text.encode())
        run(f"stream, {name}", (1, 2), zkvm, "run", book, "--inputs", good, "--stream", f"positions={path}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        bad = measured("proofs", PROOF_MEGABYTES, lambda: proofs(folder))
        bad += measured("programs", PROOF_MEGABYTES, lambda: programs(folder))
        bad += measured("sources and inputs", TEXT_MEGABYTES, lambda: texts(folder))
        bad += measured("files beyond their limits", LONG_MEGABYTES, lambda: long_files(folder))
        bad += measured("sources at their limit", SOURCE_MEGABYTES, lambda: longest_sources(folder))
        bad += measured("inputs of 32 MiB", INPUTS_MEGABYTES, lambda: long_inputs(folder))
    sys.exit(1 if bad else 0)


main()

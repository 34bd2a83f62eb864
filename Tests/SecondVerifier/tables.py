"""Reads columns, constraints and messages from Spec/Tables.md."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
P = 2**64 - 2**32 + 1
TOKEN = re.compile(r"\s*(?:(\d+)(?:\^(\d+))?|(f:)?([A-Za-z_]\w*)('?)|([()+·−-]))")


def parse(text):
    """An expression as nested tuples."""
    tokens = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        assert match and match.end() > position, text
        position = match.end()
        number, exponent, fixed, name, prime, mark = match.groups()
        if number:
            tokens.append(("number", int(number) ** int(exponent or 1)))
        elif name:
            tokens.append(("fixed" if fixed else "next" if prime else "main", name))
        else:
            tokens.append(("mark", "-" if mark == "−" else mark))
    tokens.append(("end", None))
    index = 0

    def peek():
        return tokens[index]

    def take():
        nonlocal index
        index += 1
        return tokens[index - 1]

    def expression():
        left = product()
        while peek() in (("mark", "+"), ("mark", "-")):
            operator = take()[1]
            left = (operator, left, product())
        return left

    def product():
        if peek() == ("mark", "-"):
            take()
            return ("-", ("number", 0), product())
        left = factor()
        while peek() == ("mark", "·"):
            take()
            left = ("*", left, factor())
        return left

    def factor():
        token = take()
        if token == ("mark", "("):
            inner = expression()
            assert take() == ("mark", ")")
            return inner
        assert token[0] in ("number", "main", "next", "fixed"), token
        return token

    result = expression()
    assert peek()[0] == "end", text
    return result


def next_columns(expression, found):
    if expression[0] == "next":
        found.add(expression[1])
    for part in expression[1:]:
        if isinstance(part, tuple):
            next_columns(part, found)


class Table:
    def __init__(self, name):
        self.name = name
        self.fixed, self.columns, self.constraints, self.messages = [], [], [], []

    def next_columns(self):
        found = set()
        for expression, _ in self.constraints:
            next_columns(expression, found)
        return sorted(self.columns.index(name) for name in found)


def load():
    buses, tables, mode = {}, [], None
    for line in (ROOT / "Spec/Tables.md").read_text().splitlines():
        if line.startswith("## "):
            if line != "## Buses":
                tables.append(Table(line[3:]))
            continue
        if not line.startswith("|") or line.startswith("|---"):
            continue
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        code = [c.strip("`").replace("\\|", "|") for c in cells]
        if cells[0] in ("number", "column", "constraint", "message"):
            mode = cells[0]
        elif mode == "number":
            buses[cells[1]] = int(cells[0])
        elif mode == "column":
            name = cells[0]
            (tables[-1].fixed if name.startswith("f:") else tables[-1].columns).append(name.removeprefix("f:"))
        elif mode == "constraint":
            tables[-1].constraints.append((parse(code[1]), cells[2]))
        elif mode == "message":
            values = [parse(v) for v in re.findall(r"`([^`]*)`", cells[3])]
            tables[-1].messages.append((cells[1], parse(code[2]), values))
    return buses, tables


def limb_offsets(first, count, windows, width):
    return [first + (count - width) * j // (windows - 1) for j in range(windows)]

"""Reads columns, constraints and messages from Spec/tables.json."""

import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
P = 2**64 - 2**32 + 1
OPERATORS = {"sum": "+", "difference": "-", "product": "*"}


def expressions(table):
    """The nodes of a table's graph as nested tuples; operands come before their users."""
    columns = [column["name"] for column in table["columns"]]
    fixed = [column["name"] for column in table["fixedColumns"]]
    found = []
    for node in table["nodes"]:
        ((kind, value),) = node.items()
        if kind == "constant":
            found.append(("number", value))
        elif kind == "fixed":
            found.append(("fixed", fixed[value]))
        elif kind in ("column", "next"):
            found.append(("next" if kind == "next" else "main", columns[value]))
        else:
            a, b = value
            found.append((OPERATORS[kind], found[a], found[b]))
    return found


def next_columns(expression, found):
    if expression[0] == "next":
        found.add(expression[1])
    for part in expression[1:]:
        if isinstance(part, tuple):
            next_columns(part, found)


class Table:
    def __init__(self, table, buses):
        nodes = expressions(table)
        self.name = table["name"]
        self.columns = [column["name"] for column in table["columns"]]
        self.fixed = [column["name"] for column in table["fixedColumns"]]
        self.constraints = [(nodes[c["node"]], c["domain"]) for c in table["constraints"]]
        self.messages = [
            (buses[m["bus"]], nodes[m["multiplicity"]], [nodes[v] for v in m["values"]])
            for m in table["messages"]]

    def next_columns(self):
        found = set()
        for expression, _ in self.constraints:
            next_columns(expression, found)
        return sorted(self.columns.index(name) for name in found)


def load():
    """The buses' numbers by name, and the tables in the order of their numbers."""
    document = json.loads((ROOT / "Spec/tables.json").read_text())
    assert document["modulus"] == P
    names = {bus["number"]: bus["name"] for bus in document["buses"]}
    return {n: k for k, n in names.items()}, [Table(t, names) for t in document["tables"]]


def limb_offsets(first, count, windows, width):
    return [first + (count - width) * j // (windows - 1) for j in range(windows)]

"""What the fixed tables say: bounds of the Function unit's cases, and the cases themselves."""

from algebra import P


def power(row):
    return sum(p << 16 * i for i, p in enumerate(row[5:9]))


def factor(row):
    return sum(g << 16 * i for i, g in enumerate(row[10:16]))


def accumulator_bound(run, h):
    """A bound of |acc0| in a run of segments: the offsets are at most one segment long."""
    largest = [max(abs(a), abs(b)) for a, b in zip(run["minimum"], run["maximum"])]
    bound = largest[4] + (largest[5] << 16)
    for k in (3, 2, 1):
        bound += largest[k] + 1
    return bound + largest[0] + abs(h) + 1


def rows_of(description, function, fields):
    """The rows of the Scales table of a function that agree with the known fields."""
    return [r for r in description.scales if r[0] == function
            and all(f is None or f == v % P for f, v in zip(fields, r))]


def limits(description, function, fields):
    """The least and greatest value of every field of the two lookups, and a bound of |acc0·G|."""
    rows = rows_of(description, function, fields)
    names = {r[1] for r in rows}
    runs = [r for r in description.runs if r["table"] in names]
    columns = [list(c) for c in zip(*rows)]
    out = [(min(c), max(c)) for c in columns]
    out.append((min(names), max(names)))
    out.append((min(r["first"] for r in runs), max(r["last"] for r in runs)))
    for k in range(6):
        out.append((min(r["minimum"][k] for r in runs), max(r["maximum"][k] for r in runs)))
    bound = max(accumulator_bound(run, row[9]) * factor(row)
                for row in rows for run in runs if run["table"] == row[1])
    return out, bound


# The arguments of each function, and those with two cases (Spec/units/function.md,
# F5): `zkvm-audit` tries that both give the same.
HALF = 1 << 47
SHARED = {
    "exp": {"domain": (-16383 << 48, (10 << 48) - 1), "shared": [(-35 << 48, -35 << 48)]},
    "ln": {"domain": (1, 2**62 - 1), "shared": []},
    "cdf": {"domain": (-16383 << 48, 2**62 - 1), "shared": [(0, 0)]},
    "pdf": {"domain": (-16383 << 48, 2**62 - 1), "shared": [(0, 0)]},
    "icdf": {"domain": (1, (1 << 48) - 1), "shared": [(HALF + 1, HALF + 63)]},
    "erfcx": {"domain": (0, 2**62 - 1), "shared": []},
}

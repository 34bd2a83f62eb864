#!/usr/bin/env python3
"""Follows the walkthroughs of CONTRIBUTING.md to the letter in a copy of the project.

    python3 Scripts/walkthrough.py --places instruction=5 --places profile=1
    python3 Scripts/walkthrough.py --only-apply       # neither builds nor proves

The code blocks under a walkthrough's heading are what is applied. The first line of each says, as a comment, where:

    // Sources/Machine/InstructionSet/Opcode.swift, after: case assertNe = 30

`after:`, `before:` and `instead of:` take a line that holds this text, which is one line of the file alone; where no
line is, "A … B" is the first line with B after the one line with A. `at the end` takes none.

Every file is a place that a newcomer has to open; those of Tests count as one together. What is made by a command
(the generated parts of the Spec, the frozen vectors) is none. Then `zkvm` is built in the copy, and a program that uses what
was added is assembled, run, proved and verified.

Exit status 0: it works in at most so many places, 1: it does not, 2: this cannot be told here.
"""
import argparse
import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
GUIDE = ROOT / "CONTRIBUTING.md"


class Failed(Exception):
    """Which step of a walkthrough does not do what it says."""


@dataclasses.dataclass
class Block:
    line: int
    path: str
    how: str
    anchors: list
    text: list


MARKER = re.compile(
    r"^\s*(?://|#|;|<!--)\s*(?P<path>[\w./+-]+\.\w+), "
    r"(?:(?P<how>after|before|instead of): (?P<where>.+?)|(?P<end>at the end))(?:\s*-->)?$")


def blocks(heading, text):
    """The code blocks below a heading of the guide."""
    found, inside, fence = [], False, None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is None and line.startswith("## "):
            inside = line[3:].strip() == heading
        elif inside and fence is None and (opening := re.match(r"\s*(```+)", line)):
            fence, lines, start = opening[1], [], number + 1
        elif fence is not None and line.strip() == fence:
            fence = None
            marker = MARKER.match(lines[0]) if lines else None
            if not marker:
                raise Failed(f"{GUIDE.name}:{start}: expected a comment that says where the block goes, as "
                             f"\"// Sources/A.swift, after: a line\", found {lines[0] if lines else 'nothing'!r}")
            how = marker["how"] or marker["end"]
            anchors = marker["where"].split(" … ") if marker["where"] else []
            found.append(Block(start, marker["path"], how, anchors, lines[1:]))
        elif fence is not None:
            lines.append(line)
    if not found:
        raise Failed(f"{GUIDE.name}: there is no heading \"{heading}\" with code blocks; write it, or change WALKTHROUGHS")
    return found


def apply(block, folder):
    """Writes a block into its file in the copy."""
    path = folder / block.path
    if not path.is_file():
        raise Failed(f"{GUIDE.name}:{block.line}: there is no file {block.path}")
    lines = path.read_text().splitlines()
    at = len(lines)
    for index, anchor in enumerate(block.anchors):
        matches = [n for n, line in enumerate(lines) if anchor in line]
        if index:
            matches = [n for n in matches if n > at][:1]
        if len(matches) != 1:
            raise Failed(f"{GUIDE.name}:{block.line}: {block.path} has {len(matches)} lines with {anchor!r}, expected one; "
                         "name a longer text of the line, or \"A … B\" for the first line with B after the one with A")
        at = matches[0]
    first, last = {"after": (at + 1, at + 1), "before": (at, at), "instead of": (at, at + 1),
                   "at the end": (at, at)}[block.how]
    path.write_text("\n".join(lines[:first] + block.text + lines[last:]) + "\n")


def places(found):
    """What a newcomer has to open: every file, those of tests together."""
    outside = list(dict.fromkeys(block.path for block in found if not block.path.startswith("Tests/")))
    tests = dict.fromkeys(block.path for block in found if block.path.startswith("Tests/"))
    return outside + (["the tests: " + ", ".join(tests)] if tests else [])


# The copy

def copy_project(folder):
    """All but what is built; with the build, if the copy can stand at this checkout's path."""
    def ignored(at, names):
        return [name for name in names if name.startswith(".build") or name in {".git", "__pycache__"}]
    shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)


def namespace():
    """The command that shows a copy in the checkout's place, so that its build stays valid; [] where it is not allowed."""
    if not (ROOT / ".build/release.yaml").exists():
        return []
    for options in (["--mount"], ["--user", "--map-root-user", "--mount"]):
        command = ["unshare", *options, "bash", "-c", 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"', "-"]
        try:
            if subprocess.run([*command, ROOT / "Scripts", ROOT / "Scripts", "true"], capture_output=True).returncode == 0:
                return command
        except FileNotFoundError:
            return []
    return []


def build(folder):
    """The folder with zkvm."""
    command = ["swift", "build", "-c", "release", "--product", "zkvm"]
    shown = namespace()
    if shown:
        # llbuild takes what has kept its path, size and time as built.
        subprocess.run(["cp", "-a", ROOT / ".build", folder / ".build"], check=True)
        command = [*shown, folder, ROOT, *command]
    else:
        print("    no build can be taken over here: everything is built anew")
        (folder / ".build").mkdir()
        for name in ("checkouts", "repositories", "workspace-state.json"):
            if (ROOT / ".build" / name).exists():
                subprocess.run(["cp", "-a", ROOT / ".build" / name, folder / ".build"], check=True)
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if "error:" in line] or done.stdout.splitlines()[-20:]
        raise Failed("the copy does not build:\n" + "\n".join(errors) + done.stderr)
    return (folder / ".build/release").resolve()


# What was added works

class Program:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def zkvm(self, *arguments):
        done = subprocess.run([str(self.binary / "zkvm"), *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"zkvm {' '.join(map(str, arguments))}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def proved(self, source, secrets, outputs, profile="fast"):
        """Assembles, disassembles, runs, checks, proves and verifies."""
        (self.folder / "new.zkasm").write_text(source)
        (self.folder / "inputs.json").write_text(json.dumps({"public": {}, "secret": secrets}))
        run = ["--inputs", "inputs.json"]
        digest = self.zkvm("assemble", "new.zkasm", "--output", "new.zkb").strip()
        (self.folder / "listing.zkasm").write_text(self.zkvm("disassemble", "new.zkb"))
        if self.zkvm("id", "listing.zkasm").strip() != digest:
            raise Failed("the listing of the program assembles to another digest")
        found = json.loads(self.zkvm("run", "new.zkasm", *run, "--json"))["outputs"]
        if found != outputs:
            raise Failed(f"the run gives {found}, expected {outputs}")
        self.zkvm("check", "new.zkasm", *run)
        self.zkvm("prove", "new.zkasm", *run, "--profile", profile, "--output", "new.zkp")
        verdict = self.zkvm("verify", "new.zkp", "--program", "new.zkb")
        if not verdict.startswith("accepted"):
            raise Failed(f"the proof is not accepted:\n{verdict}")
        return verdict


def instruction(program):
    """avg r, a, b is ⌊(a + b)/2⌋, also of odd, of negative and of the largest sums."""
    least, largest = -(2**62) + 2**48, 2**62 - 1
    pairs = [(7, 4), (-7, 4), (-7, -4), (3, 3), (largest, largest), (least, least), (least, largest)]
    source = '.program "averages"\n'
    for n in range(len(pairs)):
        source += f".secret a{n}: int\n.secret b{n}: int\n.output r{n}: int\n"
    for n in range(len(pairs)):
        source += f" avg x{n}, a{n}, b{n}\n reveal r{n}, x{n}\n"
    secrets = {f"{name}{n}": str(value) for n, pair in enumerate(pairs) for name, value in zip("ab", pair)}
    program.proved(source, secrets, {f"r{n}": str((a + b) // 2) for n, (a, b) in enumerate(pairs)})


def profile(program):
    """A proof of the profile `small` is accepted, with the security of the others."""
    source = '.program "p"\n.secret a: int\n.output r: int\n add x, a, 1\n reveal r, x\n'
    verdict = program.proved(source, {"a": "41"}, {"r": "42"}, profile="small")
    if not re.search(r"security +128 bits", verdict):
        raise Failed(f"the proof has not the security of the others:\n{verdict}")


WALKTHROUGHS = {"instruction": ("Adding an instruction to a unit", instruction), "profile": ("Adding a profile", profile)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", action="append", default=[], metavar="NAME=MOST",
                        help="the most places that a walkthrough may take")
    parser.add_argument("--only-apply", action="store_true", help="neither build nor prove")
    options = parser.parse_args()
    most = dict(text.split("=") for text in options.places)
    if unknown := set(most) - set(WALKTHROUGHS):
        parser.error(f"there is no walkthrough {', '.join(unknown)}; there are {', '.join(WALKTHROUGHS)}")
    failed = False
    with tempfile.TemporaryDirectory(prefix="zkvm-walkthrough-") as scratch:
        folder = pathlib.Path(scratch) / "copy"
        copy_project(folder)
        try:
            for name, (heading, _) in WALKTHROUGHS.items():
                found = blocks(heading, GUIDE.read_text())
                for block in found:
                    apply(block, folder)
                count = places(found)
                print(f"{heading}: {len(count)} places, {len(found)} blocks")
                for place in count:
                    print(f"    {place}")
                if name in most and len(count) > int(most[name]):
                    print(f"FAILED {name}: {len(count)} places, at most {most[name]}")
                    failed = True
            if not options.only_apply:
                binary = build(folder)
                for name, (_, check) in WALKTHROUGHS.items():
                    work = pathlib.Path(scratch) / name
                    work.mkdir()
                    check(Program(binary, work))
                    print(f"{name}: assembled, run, checked, proved and verified")
        except Failed as reason:
            print(f"FAILED {reason}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

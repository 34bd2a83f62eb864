#!/usr/bin/env python3
"""Tries to satisfy the contracts' assertions without their truth.

    python3 Tests/Contracts/abuse/run.py .build/release/zkvm [NAME …]

NAME.py beside this file has attempt(bench): it starts from inputs that the contract accepts and changes them
as a dishonest party would. See Bench for what it can demand.
"""
import importlib.util
import json
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# References come before attempts of the same name: one reference imports another.
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent)]
PROGRAMS = HERE.parents[2] / "Programs"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bench:
    """Runs one contract and counts what went as it must and what did not."""

    def __init__(self, zkvm, name):
        self.zkvm = zkvm
        self.name = name
        self.passed = 0
        self.failed = 0
        self.rng = random.Random(f"{name} abuse")

    @property
    def reference(self):
        """The contract's reference in Tests/Contracts, for honest inputs."""
        return load(HERE.parent / f"{self.name}.py")

    def example(self):
        """The inputs of the contract's own example."""
        return json.loads((PROGRAMS / self.name / "inputs.json").read_text())

    def run(self, inputs):
        """The outputs by name and nothing, or None and what was said."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(inputs, file)
            file.flush()
            done = subprocess.run(
                [self.zkvm, "run", PROGRAMS / self.name / f"{self.name}.zkasm", "--inputs", file.name, "--json"],
                capture_output=True, text=True)
        if done.returncode == 0:
            return json.loads(done.stdout)["outputs"], ""
        # Warnings quote source lines, messages of assertions among them: only the trap's own line counts.
        trap = [line for line in done.stderr.splitlines() if line.startswith("trap: ")]
        return None, f"status {done.returncode}: {trap[-1] if trap else done.stderr.strip()}"

    def expect(self, what, holds, detail=""):
        """Something that must be so."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED  {self.name}: {what}{': ' if detail else ''}{detail}"[:600])

    def accept(self, what, inputs):
        """An honest run must end without a trap; its outputs."""
        outputs, said = self.run(inputs)
        self.expect(what, outputs is not None, said)
        return outputs or {}

    def refuse(self, what, inputs, trap):
        """A dishonest run must trap with this message, not with another one."""
        outputs, said = self.run(inputs)
        if outputs is not None:
            self.expect(what, False, f"accepted with {outputs}")
        else:
            self.expect(what, said.startswith("status 1:") and trap in said, f"expected {trap!r}, found {said}")


def main():
    zkvm, *names = sys.argv[1:]
    paths = sorted(path for path in HERE.glob("*.py") if path.stem != "run" and (not names or path.stem in names))
    passed = failed = 0
    for path in paths:
        bench = Bench(zkvm, path.stem)
        load(path).attempt(bench)
        print(f"{path.stem}: {bench.passed} attempts went as they must, {bench.failed} did not", flush=True)
        passed += bench.passed
        failed += bench.failed
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not paths else 0)


if __name__ == "__main__":
    main()

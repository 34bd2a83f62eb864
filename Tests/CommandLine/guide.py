#!/usr/bin/env python3
"""Runs the commands of Spec/Guide.md in their order and looks for what it prints below them.

    python3 Tests/CommandLine/guide.py .build/release
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def commands(text):
    """Pairs of a command and the lines that stand below it."""
    found = []
    for line in text.splitlines():
        code = line.removeprefix("    ")
        if code == line:
            # Prose: what follows it belongs to no command.
            if line:
                found.append((None, []))
        elif re.match(r"(zkvm|zkvm-verify|cd) ", code):
            found.append((code, []))
        elif found:
            found[-1][1].append(code.strip())
    return [(command, lines) for command, lines in found if command]


def main():
    environment = {**os.environ, "PATH": f"{pathlib.Path(sys.argv[1]).resolve()}:{os.environ['PATH']}"}
    failed = ran = 0
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "Programs", f"{scratch}/Programs")
        here = pathlib.Path(scratch)
        for command, lines in commands((ROOT / "Spec/Guide.md").read_text()):
            if command.startswith("cd "):
                here = (here / command[3:]).resolve(strict=True)
                continue
            done = subprocess.run(command, shell=True, cwd=here, env=environment, capture_output=True, text=True)
            ran += 1
            output = done.stdout + done.stderr
            # A trap is shown where the guide shows a refused run.
            expected = 1 if lines and lines[0].startswith("trap: ") else 0
            missing = [x for x in lines if x != "…" and x not in map(str.strip, output.splitlines())]
            if done.returncode != expected or missing:
                failed += 1
                print(f"FAILED {command}\n  status {done.returncode}, expected {expected}; not printed: {missing}\n{output}")
    print(f"{ran} commands of the guide ran, {failed} failed")
    sys.exit(1 if failed or not ran else 0)


if __name__ == "__main__":
    main()

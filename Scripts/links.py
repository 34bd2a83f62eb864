#!/usr/bin/env python3
"""Checks the relative links and anchors of every Markdown file of the repository.

    python3 Scripts/links.py

Prints FILE:LINE with the remedy for each link that leads nowhere and exits with status 1; with 0 if all resolve.
"""

import difflib
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^()<>\s]*(?:\([^()\s]*\)[^()<>\s]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?([^<>\s]+)>?")
SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")


def markdown_files():
    """The files that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.md"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(ROOT / name for name in set(names.split("\0")) if name and (ROOT / name).is_file())


def prose(text):
    """The lines outside code, numbered from 1: fenced and indented blocks and code spans are blanked."""
    fence = None
    blank_before, in_block = True, False
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence:
            if mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and line.strip() == mark[1]:
                fence = None
            continue
        if mark:
            fence = mark[1]
            continue
        # An indented block follows a blank line.
        indented = line.startswith(("    ", "\t"))
        in_block = indented and (blank_before or in_block)
        blank_before = not line.strip()
        if not in_block:
            yield number, re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", lambda code: " " * len(code[0]), line)


def slug(heading):
    """The anchor that hosts give a heading."""
    heading = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    heading = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return heading.replace(" ", "-")


def anchors(path):
    """The anchors of a file's headings, and those written in HTML."""
    found, counts = set(), {}
    text = path.read_text()
    outside = {number for number, _ in prose(text)}
    for number, line in enumerate(text.splitlines(), 1):
        if number not in outside:
            continue
        found.update(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", line))
        heading = re.match(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$", line)
        if heading:
            name = slug(heading[1])
            again = counts.get(name, 0)
            counts[name] = again + 1
            found.add(f"{name}-{again}" if again else name)
    return found


def nearest(name, names):
    close = difflib.get_close_matches(name, sorted(names), 1, 0.5)
    return f"; is it {close[0]}?" if close else ""


def fault(source, target, cache):
    """What is wrong with a link and what to do, or None."""
    if SCHEME.match(target) or target.startswith("//"):
        return None
    place, _, anchor = target.partition("#")
    place = urllib.parse.unquote(place)
    if place.startswith("/"):
        return f"{target} starts at the file system's root: write it relative to {source.parent.name}/"
    path = (source.parent / place).resolve() if place else source
    if not path.is_relative_to(ROOT):
        return f"{target} leads out of the repository: write the address in full"
    if not path.exists():
        siblings = {p.name for p in path.parent.iterdir()} if path.parent.is_dir() else set()
        return f"{target}: there is no {path.relative_to(ROOT)}{nearest(path.name, siblings)}"
    if not anchor:
        return None
    if path.suffix != ".md":
        return f"{target}: only Markdown files have anchors: leave out #{anchor}"
    if path not in cache:
        cache[path] = anchors(path)
    anchor = urllib.parse.unquote(anchor)
    if anchor not in cache[path]:
        return f"{target}: {path.relative_to(ROOT)} has no heading #{anchor}{nearest(anchor, cache[path])}"
    return None


def main():
    cache, checked, faults = {}, 0, 0
    files = markdown_files()
    for source in files:
        for number, line in prose(source.read_text()):
            targets = LINK.findall(line) + DEFINITION.findall(line)
            for target in targets:
                checked += 1
                wrong = fault(source, target, cache)
                if wrong:
                    faults += 1
                    print(f"{source.relative_to(ROOT)}:{number}: {wrong}", file=sys.stderr)
    print(f"{checked} links in {len(files)} files, {faults} lead nowhere")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

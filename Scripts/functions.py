#!/usr/bin/env python3
"""Refuses Swift functions that are longer than a reader takes in at once, and lists long files.

    python3 Scripts/functions.py              # Sources, Tests, Benchmarks
    python3 Scripts/functions.py --self-test  # that this script reads Swift as Swift does

A function, initialiser, subscript, computed property or a property's closure counts from the line of its keyword to
that of its closing brace; attributes and documentation do not. What a function contains counts in it too.
Exit status 0: all are short enough, 1: some are not, 2: a file cannot be read.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ["Sources", "Tests", "Benchmarks"]
FUNCTION_LINES = 60
FILE_LINES = 400


class Unreadable(Exception):
    """A file that is not Swift as this script knows it: the line and what is wrong."""


# Masking: strings, comments and regular expressions become spaces, so that what is left is code.

# Nothing follows an operand but an operator: a slash after one of these divides.
OPERAND_END = re.compile(r"[\w)\]}`\"?!]$")
WORDS_BEFORE_OPERAND = {"return", "case", "in", "where", "try", "await", "if", "while", "guard", "throw", "else"}


def masked(text):
    """The text with every character of a string, comment or regular expression a space; lines stay."""
    out = []
    copied = 0
    for mark in re.compile(r'[`"#/]').finditer(text):
        at = mark.start()
        if at < copied:
            continue
        out.append(text[copied:at])
        copied = at
        if mark.group() == "`":
            # An identifier that may be a keyword or, since Swift 6.2, hold other characters.
            name = re.compile(r"`[^`\n]*`").match(text, at)
            copied = name.end() if name else at
            out.append(text[at:copied])
            continue
        end = literal_end(text, at, "".join(out[-4:])[-40:])
        if end is not None:
            blank = re.sub(r"[^\n]", " ", text[at:end])
            # A literal is an operand, a comment is not: the quotes stay.
            out.append(blank if text.startswith(("//", "/*"), at) else '"' + blank[1:-1] + '"')
            copied = end
    return "".join(out) + text[copied:]


def literal_end(text, at, before):
    """Where the comment, string or regular expression that begins here ends; None if none does."""
    if text.startswith("//", at):
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    if text.startswith("/*", at):
        return comment_end(text, at)
    opening = re.compile(r'(#*)("""|"|/)').match(text, at)
    if not opening:
        return None
    hashes, quote = opening.groups()
    if quote != "/":
        return string_end(text, opening.end(), hashes, quote)
    if hashes:
        end = text.find("/" + hashes, opening.end())
        return fail(text, at, "a regular expression without an end") if end < 0 else end + 1 + len(hashes)
    return regex_end(text, at, before)


def fail(text, at, why):
    raise Unreadable(f"{text.count(chr(10), 0, at) + 1}: {why}")


def comment_end(text, start):
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return fail(text, start, "a comment without an end")


def string_end(text, at, hashes, quote):
    start = at
    escape = "\\" + hashes
    while at < len(text):
        if text.startswith(quote + hashes, at):
            return at + len(quote + hashes)
        if text.startswith(escape + "(", at):
            at = interpolation_end(text, at + len(escape) + 1)
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif quote == '"' and text[at] == "\n":
            break
        else:
            at += 1
    return fail(text, start, "a string without an end")


def interpolation_end(text, at):
    """After the parenthesis that ends an interpolation, which is code and may hold strings."""
    start = at
    depth = 1
    while at < len(text):
        end = literal_end(text, at, text[max(0, at - 40):at])
        if end is not None:
            at = end
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at
    return fail(text, start, "an interpolation without an end")


def regex_end(text, at, before):
    """A regular expression stands where an operand is expected, and on one line."""
    before = before.rstrip(" \t")
    word = re.search(r"\w+$", before)
    if OPERAND_END.search(before) and not (word and word.group() in WORDS_BEFORE_OPERAND):
        return None
    pattern = re.compile(r"/(?![\s/*)])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])*(?<!\s)/").match(text, at)
    return pattern.end() if pattern else None


# Reading: which braces are the bodies of which declarations.

TOKEN = re.compile(r"`[^`\n]*`|\w+|[{}()\[\]]|\S")
TYPES = {"struct", "class", "enum", "extension", "protocol", "actor"}
MEMBERS = {"init", "deinit", "subscript"}
DECLARATIONS = {"import", "typealias", "associatedtype", "operator", "precedencegroup", "case", "macro"}
CONTROL = {"if", "for", "while", "switch", "guard", "do", "defer", "repeat", "return"}


class Brace:
    """An open brace: of a type's body, of a function's, or any other.

    `start` is its declaration's line, `brackets` how many were open, `kept` a declaration that goes on after it: a
    function after the closure that a parameter has by default, a property after a closure."""

    def __init__(self, kind, name, line, start, brackets, kept):
        self.kind, self.name, self.line, self.start = kind, name, line, start
        self.brackets, self.kept = brackets, kept


class Reader:
    """Finds functions: (line, name, lines) in the order in which they end."""

    def __init__(self, text):
        text = masked(text)
        self.tokens = []
        line = 1
        at = 0
        for match in TOKEN.finditer(text):
            line += text.count("\n", at, match.start())
            at = match.start()
            self.tokens.append((match.group(), line))
        self.open = [Brace("type", "", 1, 1, 0, None)]
        # The declaration whose body has not come yet: kind, name, line, open brackets where it began.
        self.pending = None
        self.brackets = 0
        self.found = []

    def word(self, index):
        return self.tokens[index][0] if 0 <= index < len(self.tokens) else ""

    def operator(self, index):
        name = ""
        while not re.match(r"[\w`(]|$", self.word(index)):
            name += self.word(index)
            index += 1
        return name

    def read(self):
        for index, (word, line) in enumerate(self.tokens):
            if word == "{":
                self.open_brace(line)
            elif word == "}":
                self.close_brace(line)
            elif word in "([":
                self.brackets += 1
            elif word in ")]":
                self.brackets -= 1
            elif self.word(index - 1) != "." and self.word(index + 1) != ":":
                self.keyword(index, word, line)
        if len(self.open) > 1:
            raise Unreadable(f"{self.open[-1].line}: a brace without an end")
        return self.found

    def keyword(self, index, word, line):
        here = self.open[-1]
        if self.brackets != here.brackets:
            # Labels of parameters and arguments.
            return
        following = self.word(index + 1)
        if word in TYPES:
            is_type = re.match(r"[\w`]", following) and following not in {"func", "var", "let", "subscript"}
            if is_type and (word != "actor" or self.word(index + 2) in {"{", ":", "<"}):
                self.pending = ("type", following, line, self.brackets)
        elif word == "func":
            self.pending = ("function", self.operator(index + 1) or following, line, self.brackets)
        elif here.kind != "type":
            # Statements; what they hold is part of a function.
            return
        elif word in MEMBERS:
            self.pending = ("function", word, line, self.brackets)
        elif word in {"let", "var"} and self.word(index - 1) not in {"case", "if", "guard", "while", ","}:
            self.pending = ("property", following, line, self.brackets)
        elif word in DECLARATIONS or (word in CONTROL and self.word(index - 1) not in {"=", "#"}):
            self.pending = None

    def open_brace(self, line):
        pending = kept = self.pending
        kind, name, start = "other", "", line
        if pending and pending[0] == "property":
            # Of a list of closures each is a function; the list is not.
            kind, name, since, brackets = pending
            kind, start = "function", since if self.brackets == brackets else line
        elif pending and pending[3] == self.brackets:
            kind, name, start, _ = pending
            kept = None
        self.open.append(Brace(kind, name, line, start, self.brackets, kept))
        self.pending = None

    def close_brace(self, line):
        if len(self.open) == 1:
            raise Unreadable(f"{line}: a closing brace without an opening one")
        brace = self.open.pop()
        if self.brackets != brace.brackets:
            raise Unreadable(f"{line}: brackets that do not match in the block of line {brace.line}")
        self.pending = brace.kept
        if brace.kind == "function":
            types = [b.name for b in self.open if b.kind == "type" and b.name]
            self.found.append((brace.start, ".".join(types[-1:] + [brace.name]), line - brace.start + 1))


def functions(text):
    return Reader(text).read()


def check():
    long, files, count, failed = [], [], 0, False
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.swift")):
            relative = path.relative_to(ROOT)
            if any(part.startswith(".") for part in relative.parts):
                continue
            text = path.read_text()
            try:
                found = functions(text)
            except Unreadable as error:
                print(f"{relative}:{error}; write it so that Scripts/functions.py reads it, or teach the script")
                failed = True
                continue
            count += len(found)
            long += [(relative, *one) for one in sorted(found) if one[2] > FUNCTION_LINES]
            if folder == "Sources" and text.count("\n") > FILE_LINES:
                files.append((relative, text.count("\n")))
    for path, line, name, lines in long:
        print(f"{path}:{line}: {name} has {lines} lines, at most {FUNCTION_LINES} are allowed; "
              "give a step of it a function and a name of its own")
    for path, lines in files:
        print(f"note: {path} has {lines} lines, over {FILE_LINES}; one idea a file")
    print(f"{count} functions, {len(long)} over {FUNCTION_LINES} lines; {len(files)} files of Sources over {FILE_LINES}")
    return 2 if failed else 1 if long else 0


# Each a source and what is in it: (line, name, lines).
SELF_TEST = [
    ("func a() {\n}\n", [(1, "a", 2)]),
    # Braces that are none.
    ('func a() {\n  print("}{", "\\"}")\n  // }\n  /* } /* } */ } */\n  let x = #"}\\"# + ##"}"#"##\n}\n', [(1, "a", 6)]),
    ('func a() {\n  let s = """\n    } " "" \\""" {\n    """\n}\n', [(1, "a", 5)]),
    ('func a() {\n  let s = #"""\n    } \\(x { \\#(f("}", { 1 })) """\n    """#\n}\n', [(1, "a", 5)]),
    ('func a() {\n  b("\\(xs.map { "{\\($0)" }.joined(separator: ")")) }")\n}\n', [(1, "a", 3)]),
    ("func a() {\n  let r = /}[/}]\\/}/\n  let s = #/ } /#\n  let q = x / y; let z = (u / v) / 2 // }\n}\n", [(1, "a", 5)]),
    ("func a() {\n  let f = { b/c }; let d = f()/2\n}\n", [(1, "a", 3)]),
    ("func a() {\n  xs.reduce(1, /)\n  ys.reduce(1, /)\n  return /}/\n}\n", [(1, "a", 5)]),
    # Defaults, generics, attributes, several lines of parameters.
    ("@Test(arguments: [1, 2])\n@inline(__always)\nstatic func a<T>(\n  _ f: (T) -> Void = { _ in\n  },\n  b: Int\n) rethrows -> [T]\nwhere T: P {\n  f()\n}\n",
     [(3, "a", 8)]),
    ("func a(_ f: () -> Void = { func b() {\n} }) {\n}\n", [(1, "b", 2), (1, "a", 3)]),
    # Functions in functions, in closures and in types of functions.
    ("func a() {\n  func b() {\n    c { func d() {} }\n  }\n  struct E {\n    func f() {}\n    let g = { 1 }\n  }\n}\n",
     [(3, "d", 1), (2, "b", 3), (6, "E.f", 1), (7, "E.g", 1), (1, "a", 9)]),
    ("func a() {\n  func b() {\n  }\n  if c {\n  }\n}\n", [(2, "b", 2), (1, "a", 6)]),
    # Initialisers, subscripts, operators, deinitialisers; calls that are none.
    ("class A {\n  init?(x: Int) throws {\n    self.init(y: .init { 1 })\n  }\n  deinit {}\n  subscript(i: Int) -> Int {\n    get { 1 }\n    set {}\n  }\n"
     "  static func == (a: A, b: A) -> Bool { true }\n  class func c() {}\n  class var d: Int { 1 }\n}\n",
     [(2, "A.init", 3), (5, "A.deinit", 1), (6, "A.subscript", 4), (10, "A.==", 1), (11, "A.c", 1), (12, "A.d", 1)]),
    # Properties: computed, closures, lists of closures, with control flow, without any.
    ("struct A {\n  var a: Int {\n    1\n  }\n  let b = 1\n  static let c: () -> Int = {\n    2\n  }()\n  let d = [\n    1,\n    { 2 },\n    {\n      3\n    },\n  ]\n"
     "  var e = if b {\n 1 } else {\n 2 }\n  private(set) var f: Int = 1 {\n    didSet {}\n  }\n}\n",
     [(2, "A.a", 3), (6, "A.c", 3), (11, "A.d", 1), (12, "A.d", 3), (16, "A.e", 2), (16, "A.e", 3), (19, "A.f", 3)]),
    # Requirements have no bodies.
    ("protocol P {\n  func a()\n  init()\n  var b: Int { get }\n}\nextension P {\n  func a() {}\n}\n", [(4, "P.b", 1), (7, "P.a", 1)]),
    # Words that are keywords elsewhere.
    ("enum E {\n  case `func`, b\n  func a() {\n    f(func: 1, init: 2)\n    actor.run()\n    if case .init(let x) = y {}\n  }\n}\n", [(3, "E.a", 5)]),
    ("func a(extension b: C, func d: E, for class: F) {\n  g(protocol: h)\n}\n", [(1, "a", 3)]),
    # A script: statements between declarations.
    ("import A\nlet x = 1\nif x == 1 {\n}\nfunc a() {}\nfor y in z {\n}\nif let u = v, let w = u {\n}\n", [(5, "a", 1)]),
    ("func `a \"{`() {\n}\n", [(1, "`a \"{`", 2)]),
    ("#if os(Linux)\nlet a = 1\n#else\nfunc b() {\n}\n#endif\n", [(4, "b", 2)]),
]
SELF_TEST_UNREADABLE = ["func a() {\n", "}\n", 'let a = "b\n', "/* /* */\n", "func a() {\n  f(}\n", '"""\n']


def self_test():
    failed = 0
    for source, expected in SELF_TEST:
        try:
            found = functions(source)
        except Unreadable as error:
            found = error
        if found != expected:
            failed += 1
            print(f"FAILED, expected {expected}, found {found}:\n{source}")
    for source in SELF_TEST_UNREADABLE:
        try:
            print(f"FAILED, expected an error, found {functions(source)}:\n{source}")
            failed += 1
        except Unreadable:
            pass
    print(f"{len(SELF_TEST) + len(SELF_TEST_UNREADABLE)} sources read, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--self-test"]):
        sys.exit(f"expected --self-test or nothing, found {' '.join(sys.argv[1:])}")
    sys.exit(self_test() if sys.argv[1:] else check())

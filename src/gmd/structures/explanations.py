"""What went wrong in a reader, in words that a user of the file understands."""

from __future__ import annotations

import re
import traceback

_NOT_A_NUMBER = (
    (re.compile(r"could not convert string to float: (.+)"), "a number"),
    (re.compile(r"could not convert string ('.*') to float"), "a number"),
    (re.compile(r"invalid literal for int\(\) with base \d+: (.+)"), "a whole number"),
    (re.compile(r"could not convert string ('.*') to int"), "a whole number"),
)
_SCALAR = re.compile(r"np\.str_\(('.*?')\)")  # how NumPy shows a word
_TOO_FEW = re.compile(r"(?:not enough|too many) values|out of (?:range|bounds)")
_UNEVEN = re.compile(
    r"broadcast|inhomogeneous|reshape|shape|number of columns|dimension|assign tuple"
)
# what only makes sense to whoever knows the reader's source
_INTERNAL = re.compile(
    r"NoneType|object|attribute|argument|subscript|iterable|operand|dtype|unpack|\bindex\b|slice"
    r"|local variable|not defined|must be|codec|/|\\"
)
_ELEMENT_MODULES = ("ase/symbols.py", "ase/formula.py", "ase/atom.py")
_LONGEST = 150


def reason_of(error: BaseException) -> str:
    """Why a file cannot be read, without the names of a library's functions and exceptions.

    Parameters
    ----------
    error : BaseException
        As the reader raised it.

    Returns
    -------
    str
        A clause such as ``"'x' is not a number"``.
    """
    # inside a generator the end of the lines surfaces as a RuntimeError
    if isinstance(error.__cause__, StopIteration) or isinstance(error, EOFError | StopIteration):
        return "it ends too early"
    # some readers give the error that they met as a second argument
    first = error.args[0] if len(error.args) > 1 and isinstance(error.args[0], str) else error
    text = _SCALAR.sub(r"\1", " ".join(str(first).split()))
    if "truncated" in text:
        return "it ends too early"
    if "CRC" in text:
        return "its checksum is wrong, so that it is damaged"
    if isinstance(error, MemoryError):
        return "it asks for more memory than there is"
    if isinstance(error, UnicodeError):
        return "it holds bytes that are not text"
    if isinstance(error, KeyError):
        return _missing(error)
    for pattern, what in _NOT_A_NUMBER:
        match = pattern.search(text)
        if match is not None:
            word = match[1].strip("'").replace("\\n", " ").replace("\\t", " ").strip()
            return f"{word[:_LONGEST]!r} is not {what}"
    if isinstance(error, IndexError) or _TOO_FEW.search(text):
        return "a line has another number of entries than expected, or the file ends too early"
    if _UNEVEN.search(text):
        return "lines that belong together have different numbers of entries"
    if isinstance(error, ZeroDivisionError | OverflowError | ArithmeticError):
        return "a number in it is zero or too large where it must not be"
    # a sentence by the author of the reader; an assertion's is none
    spoken = not isinstance(error, AssertionError | TypeError | AttributeError | NameError)
    if spoken and len(text.split()) > 2 and not _INTERNAL.search(text):
        text = re.sub(r"^[\w.]+: ", "", text)
        return text[:_LONGEST].rstrip(" .;:")
    return "it does not follow the rules of the format"


def _missing(error: KeyError) -> str:
    key = error.args[0] if error.args else ""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1].filename.replace("\\", "/") if frames else ""
    if not isinstance(key, str):
        return "it does not follow the rules of the format"
    if last.endswith(_ELEMENT_MODULES) or re.fullmatch(r"[A-Z][a-z]?", key):
        return f"{key[:_LONGEST]!r} is not a chemical symbol"
    return f"{key[:_LONGEST]!r} is missing or unknown"

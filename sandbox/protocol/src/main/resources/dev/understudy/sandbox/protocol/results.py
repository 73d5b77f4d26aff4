def sharing():
    """What cells and native runs do alike: a script's module, its result as JSON, the causes of what it raised."""
    import sys
    from _collections_abc import Mapping, Sequence, Set

    max_depth = 64
    max_bits = 10000
    most_causes = 5
    escapes = {i: "\\u%04x" % i for i in range(32)}
    escapes.update({34: '\\"', 92: "\\\\", 10: "\\n", 13: "\\r", 9: "\\t"})

    class ResultError(Exception):
        """The result has no form in JSON; the text is for the script's author."""

    def of_module(name, *types):
        """The types, if something has loaded their module: else no value can be of them."""
        module = sys.modules.get(name)
        return tuple(getattr(module, each) for each in types if hasattr(module, each))

    def quoted(text):
        if not text.isprintable() or '"' in text or "\\" in text:
            text = text.translate(escapes)
            text = "".join("\\u%04x" % ord(c) if "\ud800" <= c <= "\udfff" else c for c in text)
        return '"' + text + '"'

    def hint(value):
        if isinstance(value, (bytes, bytearray, memoryview)):
            return "Make text of it: x.decode() or x.hex()."
        if isinstance(value, Set):
            return "Make a list of it: sorted(x) or list(x)."
        if isinstance(value, of_module("decimal", "Decimal") + of_module("fractions", "Fraction")):
            return "Return float(x) or str(x)."
        if isinstance(value, of_module("datetime", "timedelta") + of_module("_datetime", "timedelta")):
            return "Return x.total_seconds() or str(x)."
        if isinstance(value, BaseException):
            return "Return str(x); it says: " + brief(value)
        if hasattr(type(value), "__await__"):
            return "Await it."
        if hasattr(type(value), "__iter__"):
            return "Make a list of it: list(x)."
        return "Return objects, lists, text, numbers, true, false or null."

    def write(result, max_chars):
        """The result as JSON; numbers and texts as the module json writes them."""
        pieces, place, above = [], [], set()
        size = 0

        def here():
            return "result" + "".join("[%d]" % part if isinstance(part, int) else "." + part[:80] for part in place)

        def refuse(what):
            raise ResultError(here() + what)

        def unfit(value):
            refuse(" is of type %s, which JSON cannot hold. %s" % (type(value).__name__, hint(value)))

        def put(piece):
            nonlocal size
            # What goes over it in one piece is sent, and is the output limit's for the host to tell.
            if size > max_chars:
                raise ResultError("the result takes more than the %d bytes that the output limit leaves it. "
                                  "Return less, or write it to a file." % max_chars)
            size += len(piece)
            pieces.append(piece)

        def whole(value):
            if value.bit_length() > max_bits:
                refuse(" is a whole number of more than 3,000 digits. Return it as text.")
            return int.__repr__(value)

        def real(value):
            if value != value or value in (float("inf"), float("-inf")):
                refuse(" is %s, which JSON cannot hold. Return None or text instead."
                       % ("not a number (NaN)" if value != value else "infinite"))
            return float.__repr__(value)

        def plain_key(key):
            if isinstance(key, str):
                return str.__str__(key)
            if key is None or isinstance(key, bool):
                return {None: "null", True: "true", False: "false"}[key]
            if isinstance(key, int):
                return whole(key)
            if isinstance(key, float):
                return real(key)
            raise ResultError("a key of %s is not text but of type %s. JSON needs text as keys; convert it first."
                              % (here(), type(key).__name__))

        def mapping(fields):
            put("{")
            first, written, others = True, set(), False
            for key in list(fields):
                name = key if type(key) is str else plain_key(key)
                others = others or name is not key
                written.add(name)
                try:
                    value = fields[key]
                except Exception as problem:
                    place.append(name)
                    refuse(" could not be read: " + brief(problem))
                put(quoted(name) + ":" if first else "," + quoted(name) + ":")
                first = False
                place.append(name)
                any_value(value)
                place.pop()
            if others and len(written) < len(fields):
                refuse(" has keys that are the same as text, like 1 and '1'.")
            put("}")

        def sequence(items):
            put("[")
            for i, item in enumerate(items):
                if i:
                    put(",")
                place.append(i)
                any_value(item)
                place.pop()
            put("]")

        def nested(value, writer, content):
            if id(value) in above:
                refuse(" refers to itself. Return plain data.")
            if len(place) >= max_depth:
                refuse(" is nested more than %d deep. Return plain data." % max_depth)
            above.add(id(value))
            writer(content)
            above.discard(id(value))

        def any_value(value):
            kind = type(value)
            if kind is str:
                put(quoted(value))
            elif value is None:
                put("null")
            elif value is True:
                put("true")
            elif value is False:
                put("false")
            elif kind is int:
                put(whole(value))
            elif kind is float:
                put(real(value))
            elif kind is dict:
                nested(value, mapping, value)
            elif kind is list or kind is tuple:
                nested(value, sequence, value)
            else:
                rarer(value, kind)

        def rarer(value, kind):
            if isinstance(value, str):
                put(quoted(str.__str__(value)))
            elif isinstance(value, int):
                put(whole(int(value)))
            elif isinstance(value, float):
                put(real(float(value)))
            elif isinstance(value, of_module("enum", "Enum")):
                any_value(value.value)
            elif isinstance(value, of_module("collections", "UserString") + of_module("uuid", "UUID")):
                put(quoted(str(value)))
            elif isinstance(value, of_module("_datetime", "date", "time") + of_module("datetime", "date", "time")):
                put(quoted(value.isoformat()))
            elif isinstance(value, Mapping):
                nested(value, mapping, value)
            elif isinstance(value, (bytes, bytearray, memoryview)):
                unfit(value)
            elif hasattr(kind, "__dataclass_fields__"):
                nested(value, mapping, {
                    name: getattr(value, name) for name, field in kind.__dataclass_fields__.items()
                    if field._field_type.name == "_FIELD"})
            elif hasattr(kind, "__fspath__") and isinstance(value.__fspath__(), str):
                put(quoted(value.__fspath__()))
            elif not isinstance(value, type) and callable(getattr(kind, "tolist", None)):
                nested(value, any_value, value.tolist())
            elif isinstance(value, Sequence):
                nested(value, sequence, value)
            else:
                unfit(value)

        any_value(result)
        return "".join(pieces)

    def failure(result):
        """What a result says that has success: False; None if it does not."""
        if not isinstance(result, Mapping) or result.get("success") is not False:
            return None
        error = result.get("error")
        return "the script returned success: false without an error" if error is None else str(error)

    def settled(result):
        """The result of a coroutine, else the value itself."""
        if not hasattr(type(result), "cr_frame"):
            return result
        import asyncio
        return asyncio.run(result)

    def brief(problem):
        try:
            text = str(problem)
        except Exception:
            text = ""
        line = text.strip().split("\n")[0][:200]
        return type(problem).__name__ + (": " + line if line else "")

    def causes(problem):
        """What led to it, to be added to its own line: a cause, what was being handled, the parts of a group."""
        told, seen = "", {id(problem)}
        for _ in range(most_causes):
            parts = getattr(problem, "exceptions", None)
            if isinstance(parts, tuple):
                told += ": " + "; ".join(brief(part) + causes(part) for part in parts[:most_causes])
            cause = problem.__cause__
            word = ", caused by "
            if cause is None and not problem.__suppress_context__:
                cause, word = problem.__context__, ", while handling "
            if cause is None or id(cause) in seen:
                return told
            seen.add(id(cause))
            told += word + brief(cause)
            problem = cause
        return told

    class Text:
        """Lets inspect, linecache and tracebacks read a script that is in no file."""

        def __init__(self, text):
            self.text = text

        def get_source(self, name):
            return self.text

    def module_of(text, name):
        """A module in which a script runs; registered, since dataclasses, pickle and typing look it up by its name."""
        module = type(sys)("automation")
        module.__file__ = name
        module.__loader__ = Text(text)
        sys.modules["automation"] = module
        return module

    return {
        "ResultError": ResultError,
        "write": write,
        "failure": failure,
        "settled": settled,
        "causes": causes,
        "module_of": module_of,
    }


sharing

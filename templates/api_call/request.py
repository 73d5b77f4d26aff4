import base64
import json
import random
import time


def execute(params):
    # The steps go here.
    return result


def split_header(line):
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def basic(user):
    return "Basic " + base64.b64encode(user.encode()).decode()


def send(method, url, headers, body, attempts, pause):
    """Sends a request, and again after a failure that may pass: each wait is chance, up to a bound that doubles."""
    for attempt in range(1, attempts + 1):
        try:
            response = understudy.http(url, method=method, headers=headers, body=body)
            failure = "it answered %d" % response["status"]
            if attempt == attempts or response["status"] not in (408, 429, 500, 502, 503, 504):
                return response
        except understudy.NotAllowed:
            raise
        except OSError as problem:
            if attempt == attempts:
                raise
            failure = str(problem)
        understudy.log.warn("Attempt %d of %d: %s" % (attempt, attempts, failure))
        time.sleep(random.uniform(0, pause * 2 ** (attempt - 1)))


def require_status(status, allowed):
    if not any(str(status) == code or "%dxx" % (status // 100) == code for code in allowed.split()):
        raise ValueError("the answer has status %d, but should have %s" % (status, allowed))


def pick(text, pointer):
    """What a JSON pointer (RFC 6901) names in a JSON text."""
    value = json.loads(text)
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def as_line(value):
    return (value if isinstance(value, str) else json.dumps(value)) + "\n"


def save(path, text):
    """Writes what came as text; an answer that was none has been spoiled on its way, and is not written."""
    if "\ufffd" in text:
        raise ValueError("the answer is no text, so it is not written to " + path)
    understudy.files.write(path, text)
    understudy.log.info("Wrote %d characters to %s" % (len(text), path))

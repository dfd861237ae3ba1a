"""Writes down one request of each shape that arrives at the emulator, for a second opinion: infra/second-opinion reads them.

Imported only where MONIQO_REQUESTS names a file. Each line of it is a JSON object, appended in one write, so that several
emulators may share a file. What is written holds no value that was sent: texts and bytes become placeholders of the same
length, which keep what the limits and patterns of AWS's models look at (botocore has them, which is installed beside the
emulator). Two values that are equal stay equal within a request, two that differ stay apart. Kept as they are: numbers,
words of an enumeration, expressions, and names of tables, indexes and attributes.

A shape is first made from the request as it is, without the model's help, since nearly all requests are of a shape that was
seen. Only what is new is read by the model.

A shape that was accepted is written once. One that was refused is written once for each word that it was refused with.
Left out: what is not signed (health checks, callers of a function's URL or of the product's API) and what is signed for the
product's API. Told in a line of its own, and not read: services without an entry here.
"""

import base64
import binascii
import bisect
import functools
import gc
import gzip
import importlib.util
import itertools
import os
import re
import sys
import traceback
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import orjson

# What a request is signed for, and the model that describes it. A target names its model by itself.
OF_SCOPE = {
    "apigateway": "apigateway", "cloudformation": "cloudformation", "dynamodb": "dynamodb", "events": "events", "iam": "iam",
    "kms": "kms", "lambda": "lambda", "logs": "logs", "monitoring": "cloudwatch", "s3": "s3", "scheduler": "scheduler",
    "secretsmanager": "secretsmanager", "ses": "ses", "sns": "sns", "sqs": "sqs", "ssm": "ssm", "states": "stepfunctions",
    "sts": "sts", "tagging": "resourcegroupstaggingapi",
}
OF_TARGET = {
    "AWSEvents": "events", "AWSStepFunctions": "stepfunctions", "AmazonSQS": "sqs", "AmazonSSM": "ssm",
    "DynamoDBStreams_20120810": "dynamodbstreams", "DynamoDB_20120810": "dynamodb",
    "GraniteServiceVersion20100801": "cloudwatch", "Logs_20140328": "logs",
    "ResourceGroupsTaggingAPI_20170126": "resourcegroupstaggingapi", "TrentService": "kms", "secretsmanager": "secretsmanager",
}
# Paths that tell two models apart which are signed for alike.
OF_PATH = {("ses", "/v2/"): "sesv2", ("apigateway", "/v2/"): "apigatewayv2"}
PRODUCT = "execute-api"
# Neither is a secret, and what they say is what is to be checked.
WHOLE = frozenset(
    "ConditionExpression FilterExpression KeyConditionExpression UpdateExpression ProjectionExpression "
    "ExpressionAttributeNames TableName IndexName AttributeName AttributesToGet".split()
)
# Which characters stand in these is asked.
CLASSED = frozenset("Id MessageGroupId MessageDeduplicationId QueueUrl QueueName Name GroupName ClientToken".split())
ITEMS = frozenset("Item Key Keys ExclusiveStartKey ExpressionAttributeValues".split())
ACTIONS = ("Put", "Update", "Delete", "ConditionCheck", "Get", "PutRequest", "DeleteRequest")
# As many shapes as this are more than a run has: something in them is different each time.
SHAPES_MAX = 50_000
LONG = 1024
DIGITS_MAX = 38
WORD_MAX = 64
ERROR_MAX = 4096
A_WORD = re.compile(r"[\w.:/ -]*", re.ASCII)
A_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
A_TIME = re.compile(r"[\d:.TZ+-]+|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT", re.ASCII)
AN_ARN = re.compile(r"(arn:[\w-]*:[\w-]*:[\w-]*:\w*:)((?:[A-Za-z][A-Za-z-]*[:/])?)(.*)", re.ASCII | re.DOTALL)
AN_ERROR = re.compile(rb'"(?:__type|code)"\s*:\s*"(?:[^"]*#)?(\w+)|<Code>([\w.]+)</Code>')
NUMBERED = re.compile(r"\.\d+(?=\.|$)", re.ASCII)
LETTERS = "xabcdefghijklmnopqrstuvwyz"
DIGITS = "0123456789"
FIFO = ".fifo"
# What gzip begins with.
PACKED = b"\x1f\x8b"


class Steps:
    def __init__(self, *steps):
        self.steps, self.labels = steps, [*(f"<={step}" for step in steps), f">{steps[-1]}"]

    def label(self, size):
        return self.labels[bisect.bisect_left(self.steps, size)]


# Lengths and numbers on the same side of each of these are of one shape: they are what AWS's limits stand at.
LENGTHS = Steps(0, 1, 36, 64, 80, 128, 255, 256, 512, 1024, 2048, 4096, 6144, 8192, 65_536, 262_144, 409_600, 1_048_576)
NUMBERS = Steps(-1, 0, 1, 9, 10, 20, 25, 100, 900, 1000, 10_000, 43_200, 86_400, 345_600, 1_209_600)
COUNTS = Steps(0, 1, 2, 5, 10, 20, 25, 50, 100)
# Of values in tables there are many, and each kind of each would make a shape of its own.
VALUES = Steps(0, 1024, 2048, 409_600)
INSIDE = Steps(0)
BODIES = Steps(65_536, 262_144, 409_600, 1_048_576, 4_194_304)


def points(text):
    return "".join(sorted({letter for letter in text if not letter.isalnum()}))


# ---- Shapes ----------------------------------------------------------------------------------------------------------


def of_attribute(value):
    """A value of DynamoDB: its type and about how long it is. What a map calls its parts may be data."""
    if not isinstance(value, dict):
        return type(value).__name__
    parts = []
    for kind, held in value.items():
        if kind in ("S", "B"):
            parts.append(kind + (VALUES.label(len(held)) if isinstance(held, str) else "?"))
        elif kind == "M" and isinstance(held, dict):
            parts.append(f"M{INSIDE.label(len(held))}({'|'.join(sorted({of_attribute(one) for one in held.values()}))})")
        elif kind == "L" and isinstance(held, list):
            parts.append(f"L{INSIDE.label(len(held))}({'|'.join(sorted({of_attribute(one) for one in held}))})")
        elif kind in ("SS", "NS", "BS") and isinstance(held, list):
            parts.append(f"{kind}{INSIDE.label(len(held))}{'doubled' if len(set(held)) < len(held) else ''}")
        elif kind == "N":
            parts.append("N" if len(held) <= DIGITS_MAX else "N long")
        else:
            parts.append(kind)
    return ",".join(sorted(parts))


def role(table):
    return table.rsplit("-", 1)[-1].rsplit("/", 1)[-1]


def identity(element):
    """What may stand in a batch or a transaction once: a name, or a row. None for what has neither."""
    if not isinstance(element, dict):
        return None
    if isinstance(element.get("Id"), str):
        return element["Id"]
    part = next((element[action] for action in ACTIONS if isinstance(element.get(action), dict)), element)
    row = part.get("Key") or part.get("Item") or part
    if not isinstance(row, dict) or "pk" not in row:
        return None
    return orjson.dumps([part.get("TableName"), row["pk"], row.get("sk")])


class Shapes:
    """Shapes of the requests of one service; the words that a member may hold belong to them."""

    def __init__(self, words, patterned, is_rows):
        self.words, self.patterned, self.is_rows = words, patterned | CLASSED, is_rows

    def of(self, value, name=""):
        if isinstance(value, str):
            return self.of_text(value, name)
        if isinstance(value, bool) or value is None:
            return str(value)
        if isinstance(value, (int, float)):
            return f"n{NUMBERS.label(value)}"
        if isinstance(value, dict):
            return self.of_map(value, name)
        inner = sorted({self.of(one, name) for one in value})
        doubled = ""
        if len(value) > 1:
            known = [one for one in map(identity, value) if one is not None]
            doubled = "doubled" if len(set(known)) < len(known) else ""
        return f"[{COUNTS.label(len(value))}{doubled} {'|'.join(inner)}]"

    def of_map(self, value, name):
        if self.is_rows and name in ITEMS:
            parts = [f"{key}:{of_attribute(held)}" for key, held in value.items()]
        elif self.is_rows and name == "RequestItems":
            parts = [f"{role(key)}:{self.of(held)}" for key, held in value.items()]
        else:
            parts = [f"{key}:{self.of(held, name if name in WHOLE else key)}" for key, held in value.items()]
        return f"{{{','.join(sorted(parts))}}}"

    def of_text(self, value, name):
        if name == "TableName":
            return role(value)
        if name in WHOLE or value in self.words.get(name, ()):
            return repr(value)
        if name in self.patterned and len(value) <= LONG:
            return f"s{LENGTHS.label(len(value))}{points(value)}{FIFO if value.endswith(FIFO) else ''}"
        return f"s{LENGTHS.label(len(value))}"


# ---- Models ----------------------------------------------------------------------------------------------------------


class Operation:
    def __init__(self, name, described, shapes):
        self.name = name
        self.input = shapes[described["input"]["shape"]] if "input" in described else {"type": "structure", "members": {}}
        http = described.get("http", {})
        self.method = http.get("method", "POST")
        path, _, query = http.get("requestUri", "/").partition("?")
        self.labels = re.findall(r"{(\w+)\+?}", path)
        # No identifier is empty: the path above it is another operation's.
        pattern = re.sub(r"\\{\w+(\\\+)?\\}", lambda found: "(.+)" if found.group(1) else "([^/]+)", re.escape(path))
        self.path = re.compile(pattern + "/?" if path != "/" else "/", re.DOTALL)
        self.literals = sum(len(part) for part in re.split(r"{\w+\+?}", path))
        self.query = {one for one in query.split("&") if one and not one.startswith("x-id=")}
        self.members = {where: {} for where in ("uri", "querystring", "header", "headers")}
        required = self.input.get("required", [])
        self.wanted_query, self.wanted_headers = set(), set()
        for member, described in self.input.get("members", {}).items():
            where, wire = described.get("location"), described.get("locationName", member)
            if where in self.members:
                self.members[where][wire.lower() if where in ("header", "headers") else wire] = member
            if where == "querystring" and member in required:
                self.wanted_query.add(wire)
            if where == "header" and member in required:
                self.wanted_headers.add(wire.lower())
        self.payload = self.input.get("payload")

    def fits(self, method, path, query, headers):
        """How well, or None: the one that asks for most of what is there is meant."""
        if method != self.method or not self.path.fullmatch(path):
            return None
        literal = all(name.partition("=")[0] in query and query[name.partition("=")[0]] == name.partition("=")[2]
                      for name in self.query)
        if not literal or not self.wanted_query <= query.keys() or not self.wanted_headers <= headers.keys():
            return None
        return len(self.query) + len(self.wanted_query) + len(self.wanted_headers), self.literals


class Model:
    def __init__(self, name):
        told = orjson.loads(gzip.decompress(file_of(name).read_bytes()))
        self.name, self.shapes = name, told["shapes"]
        self.protocol = told["metadata"]["protocol"]
        self.operations = {name: Operation(name, described, self.shapes) for name, described in told["operations"].items()}
        words, patterned = {}, set()
        for shape in self.shapes.values():
            for member, described in shape.get("members", {}).items():
                target = self.shapes[described["shape"]]
                while target["type"] == "list":
                    target = self.shapes[target["member"]["shape"]]
                for name in {member, described.get("locationName", member)}:
                    words.setdefault(name, set()).update(target.get("enum", ()))
                    patterned |= {name} if "pattern" in target else set()
        # It stays to the end: Python's search for garbage leaves it out from here on.
        gc.freeze()
        self.of = Shapes(words, frozenset(patterned), self.name == "dynamodb")

    def target(self, reference):
        return self.shapes[reference["shape"]]

    def meant(self, method, path, query, headers):
        fitting = [(fit, one) for one in self.operations.values() if (fit := one.fits(method, path, query, headers))]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def file_of(name):
    folder = Path(importlib.util.find_spec("botocore").submodule_search_locations[0]) / "data" / name
    return max(folder.iterdir()) / "service-2.json.gz"


model_of = functools.lru_cache(maxsize=None)(Model)


# ---- Placeholders ----------------------------------------------------------------------------------------------------


def as_long(letter):
    """A letter outside ASCII that takes as many bytes."""
    return ("x", "é", "€", "😀")[len(letter.encode("utf-8", "surrogatepass")) - 1]


def all_away(text):
    return "".join(map(as_long, text))


def points_kept(text):
    end = FIFO if text.endswith(FIFO) else ""
    begin = text[: len(text) - len(end)]
    return "".join(letter if letter.isascii() and not letter.isalnum() else as_long(letter) for letter in begin) + end


def kinds_kept(text):
    def kind(letter):
        if not letter.isascii() or not letter.isalnum():
            return letter if letter.isascii() else as_long(letter)
        return "0" if letter.isdigit() else "X" if letter.isupper() else "x"

    return "".join(map(kind, text))


def place_kept(text):
    """An address of AWS keeps whose it is and of what kind; what it names goes."""
    address = AN_ARN.fullmatch(text)
    return address.group(1) + address.group(2) + points_kept(address.group(3)) if address else points_kept(text)


@functools.lru_cache(maxsize=None)
def readable(pattern):
    try:
        return re.compile(pattern)
    except re.error:
        return None


def fits(pattern, text):
    compiled = readable(pattern) if pattern else None
    return bool(compiled.fullmatch(text)) if compiled else None


class Placeholders:
    """Of one request."""

    def __init__(self, model):
        self.model = model
        self.known = {}

    def apart(self, masked, text):
        """The same for equal texts; for others, letters at the end count them."""
        known = self.known.setdefault(masked, {})
        number = known.setdefault(text, len(known))
        letters = list(masked)
        for at in range(len(letters) - 1, -1, -1):
            if not number:
                break
            counting = {"x": LETTERS, "0": DIGITS, "X": LETTERS.upper()}.get(letters[at])
            if counting:
                number, left = divmod(number, len(counting))
                letters[at] = counting[left]
        return "".join(letters)

    def text(self, text, shape, name):
        if "enum" in shape and len(text) <= WORD_MAX and A_WORD.fullmatch(text):
            return text
        if name in WHOLE or (name == "N" and self.model.of.is_rows and A_NUMBER.fullmatch(text)):
            return text
        pattern = shape.get("pattern")
        fit = fits(pattern, text)
        if len(text) <= LONG:
            masks = (points_kept,) if name in CLASSED else (all_away,)
            masks += (points_kept, kinds_kept, place_kept) if pattern else ()
            for mask in masks:
                placeholder = self.apart(mask(text), text)
                if fits(pattern, placeholder) == fit:
                    return placeholder
        told = {"$text": len(text), "bytes": len(text.encode("utf-8", "surrogatepass"))}
        return told if fit is None else {**told, "fits": fit}

    def blob(self, value):
        try:
            return {"$bytes": len(base64.b64decode(value, validate=True))}
        except (binascii.Error, ValueError, TypeError):
            return {"$bytes": len(value) if isinstance(value, str) else 0, "fits": False}

    def of(self, value, shape, name=""):
        kind = shape.get("type")
        if isinstance(value, dict) and kind == "structure":
            return self.structure(value, shape)
        if isinstance(value, dict):
            inner = self.model.target(shape["value"]) if kind == "map" else {}
            key_shape = self.model.target(shape["key"]) if kind == "map" else {}
            keep = self.model.of.is_rows and shape is not self.model.shapes.get("MapAttributeValue")
            named = ((key if keep else self.map_key(key, key_shape), held) for key, held in value.items())
            return {key: self.of(held, inner, name) for key, held in named}
        if isinstance(value, list):
            inner = self.model.target(shape["member"]) if kind == "list" else {}
            return [self.of(one, inner, name) for one in value]
        if kind == "blob":
            return self.blob(value)
        if kind == "timestamp" and isinstance(value, str) and A_TIME.fullmatch(value):
            return value
        return self.text(value, shape, name) if isinstance(value, str) else value

    def map_key(self, key, shape):
        told = self.text(key, shape, "Name")
        return told if isinstance(told, str) else points_kept(key)

    def structure(self, value, shape):
        members = {described.get("locationName", member): member for member, described in shape.get("members", {}).items()}
        told = {}
        for wire, held in value.items():
            member = members.get(wire, wire)
            described = shape.get("members", {}).get(member)
            told[member] = self.of(held, self.model.target(described) if described else {}, member)
        return told


# ---- Protocols -------------------------------------------------------------------------------------------------------


def unfolded(model, sent, shape, prefix, used):
    """What a query's names with points and numbers stand for; None where nothing of it was sent."""
    kind = shape["type"]
    if kind not in ("structure", "list", "map"):
        used.add(prefix)
        return typed(sent[prefix], shape) if prefix in sent else None
    if kind == "structure":
        found = {}
        for member, described in shape.get("members", {}).items():
            target = model.target(described)
            name = described.get("locationName", member)
            if target["type"] == "list" and target.get("flattened"):
                name = target["member"].get("locationName", name)
            part = unfolded(model, sent, target, f"{prefix}.{name}" if prefix else name, used)
            if part is not None:
                found[member] = part
        return found or None
    if sent.get(prefix) == "":
        used.add(prefix)
        return [] if kind == "list" else {}
    if kind == "list":
        place = prefix if shape.get("flattened") else f"{prefix}.{shape['member'].get('locationName', 'member')}"
        if not any(name.startswith(f"{place}.1") for name in sent):
            return None
        inner = model.target(shape["member"])
        parts = (unfolded(model, sent, inner, f"{place}.{number}", used) for number in itertools.count(1))
        return list(itertools.takewhile(lambda part: part is not None, parts)) or None
    place = prefix if shape.get("flattened") else f"{prefix}.entry"
    if not any(name.startswith(f"{place}.1") for name in sent):
        return None
    found = {}
    for number in itertools.count(1):
        key = sent.get(f"{place}.{number}.{shape['key'].get('locationName', 'key')}")
        if key is None:
            return found
        used.add(f"{place}.{number}.{shape['key'].get('locationName', 'key')}")
        name = f"{place}.{number}.{shape['value'].get('locationName', 'value')}"
        found[key] = unfolded(model, sent, model.target(shape["value"]), name, used)


class Read:
    """What was asked, as far as it could be read: which operation, the shape, and how to tell its parameters."""

    def __init__(self, model, operation, shape, params, unread=()):
        self.model, self.operation, self.shape, self.params, self.unread = model, operation, shape, params, list(unread)


def read_json(model, name, body):
    operation = model.operations.get(name)
    try:
        asked = orjson.loads(body or b"{}")
    except ValueError:
        return Read(model, name, "", dict, ["a body that is no JSON"])

    def params():
        return Placeholders(model).of(asked, operation.input if operation else {})

    return Read(model, name, f"{BODIES.label(len(body))} {model.of.of(asked)}", params)


def read_query(model, query, body):
    sent = dict(query)
    sent.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    name = sent.pop("Action", "")
    sent.pop("Version", None)
    operation = model.operations.get(name)
    texts = {f"{re.sub(NUMBERED, '.N', key)}:{model.of.of_text(text, key.rsplit('.', 1)[-1])}" for key, text in sent.items()}

    def params():
        used = set()
        found = (unfolded(model, sent, operation.input, "", used) if operation else None) or {}
        unknown = {key: "" for key in sent if key not in used}
        return {**Placeholders(model).of(found, operation.input if operation else {}), **unknown}

    return Read(model, name, f"{{{','.join(sorted(texts))}}}", params)


def read_rest(model, method, path, query, headers, body, size):
    operation = model.meant(method, path, query, headers)
    if operation is None:
        known = {part for one in model.operations.values() for part in one.path.pattern.split("/")}
        hidden = "/".join(part if re.escape(part) in known else "{}" for part in path.split("/"))
        return Read(model, f"{method} {hidden}", ",".join(sorted(query)), dict, ["no operation of the model has this path"])
    is_objects = model.name == "s3"
    labels = [unquote(label) for label in operation.path.fullmatch(path).groups()]
    told = {operation.members["uri"].get(name, name): text for name, text in zip(operation.labels, labels)}
    asked = {operation.members["querystring"][name]: text for name, text in query.items()
             if name in operation.members["querystring"]}
    given = {operation.members["header"][name]: text for name, text in headers.items() if name in operation.members["header"]}
    for prefix, member in operation.members["headers"].items():
        held = {name[len(prefix):]: text for name, text in headers.items() if name.startswith(prefix)}
        if held:
            given[member] = held
    unknown = {} if is_objects else {
        name: "" for name in query
        if name not in operation.members["querystring"] and name not in {one.partition("=")[0] for one in operation.query}
    }
    sent, unread, payload = {}, [], operation.payload
    payload_shape = model.target(operation.input["members"][payload]) if payload else {}
    if payload and payload_shape["type"] in ("blob", "string"):
        if size:
            sent = {payload: base64.b64encode(bytes(size)).decode() if payload_shape["type"] == "blob" else "x" * size}
    elif size and model.protocol == "rest-json":
        try:
            document = orjson.loads(body)
            sent = {payload: document} if payload else document
        except ValueError:
            unread.append("a body that is no JSON")
    elif size:
        unread.append("a body of XML")
    plain = {**told, **asked, **given}
    shape = f"{model.of.of(plain)} {sorted(unknown)} {LENGTHS.label(size)} {'' if is_objects or payload else model.of.of(sent)}"

    def params():
        members = operation.input.get("members", {})
        by_member = {member: typed(text, model.target(members[member])) for member, text in plain.items() if member in members}
        masked = Placeholders(model)
        whole = {name: masked.of(value, model.target(members[name]), name) for name, value in by_member.items()}
        return {**whole, **masked.structure(sent, operation.input), **unknown}

    return Read(model, operation.name, shape, params, unread)


def typed(text, shape):
    """What stands in paths, queries and headers is text; the model says what it is meant as."""
    kind = shape["type"]
    if kind == "list":
        return [one.strip() for one in text.split(",")]
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind in ("integer", "long"):
        return int(text) if re.fullmatch(r"-?\d+", text, re.ASCII) else text
    return text


def headers_of(scope):
    return {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}


def read_target(target, body):
    """None where no model is known for it."""
    prefix, _, name = target.rpartition(".")
    service = OF_TARGET.get(prefix)
    return read_json(model_of(service), name, body) if service else None


def read_path(scope_name, scope, body, size):
    """The same of what has no target."""
    path = scope["raw_path"].decode("latin-1").partition("?")[0] if scope.get("raw_path") else scope["path"]
    service = next((OF_PATH[key] for key in OF_PATH if key[0] == scope_name and path.startswith(key[1])), None)
    service = service or OF_SCOPE.get(scope_name)
    if service is None:
        return None
    model = model_of(service)
    query = {name: text for name, text in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
             if not name.startswith("X-Amz-")}
    if model.protocol.startswith("rest-"):
        headers = headers_of(scope)
        size = int(headers.get("x-amz-decoded-content-length", size))
        return read_rest(model, scope["method"], path, query, headers, body, size)
    packed = re.fullmatch(r"/service/\w+/operation/(\w+)", path)
    if packed:
        return Read(model, packed.group(1), "", dict, ["a body of CBOR"])
    return read_query(model, query, body)


# ---- The recorder ----------------------------------------------------------------------------------------------------


class Recorder:
    def __init__(self, file):
        self.out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.seen = set()

    def write(self, line):
        os.write(self.out, orjson.dumps(line) + b"\n")

    def write_once(self, line):
        key = hash(repr(line))
        if key not in self.seen:
            self.seen.add(key)
            self.write(line)

    def record(self, scope_name, target, scope, body, size, status, error):
        if body[:2] == PACKED and scope_name != "s3":
            body = gzip.decompress(body)
        read = read_target(target, body) if target else read_path(scope_name, scope, body, size)
        if read is None:
            self.write_once({"skipped": target.rpartition(".")[0] or scope_name})
            return
        shape = f"{read.model.name}.{read.operation} {read.shape}"
        accepted, answered = hash(shape), hash(f"{shape} {error}")
        if accepted in self.seen or (status >= 400 and answered in self.seen):
            return
        if len(self.seen) >= SHAPES_MAX:
            self.write_once({"failed": f"more than {SHAPES_MAX} shapes"})
            return
        self.seen.add(accepted if status < 400 else answered)
        caller = headers_of(scope).get("user-agent", "").partition("/")[0]
        self.write({
            "service": read.model.name, "operation": read.operation, "caller": caller,
            "answer": {"status": status, "error": error}, "unread": read.unread, "shape": read.shape, "params": read.params(),
        })


def signed_for(scope):
    """The service that a request is signed for, by its header or by its URL, and its target; None for what is not signed."""
    service, target = None, ""
    for name, text in scope["headers"]:
        if name == b"authorization" and text.startswith(b"AWS4-"):
            parts = text.split(b"/", 4)
            service = parts[3].decode("latin-1") if len(parts) == 5 else None
        elif name == b"x-amz-target":
            target = text.decode("latin-1")
    if service is None and b"X-Amz-Credential=" in (query := scope.get("query_string", b"")):
        parts = dict(parse_qsl(query.decode("latin-1"))).get("X-Amz-Credential", "").split("/")
        service = parts[3] if len(parts) == 5 else None
    return service, target


def error_of(headers, body):
    """The service's word for what was wrong."""
    told = {name.lower(): text for name, text in headers}
    named = told.get(b"x-amzn-errortype", b"").partition(b":")[0].rpartition(b"#")[2].decode("latin-1")
    found = AN_ERROR.search(body)
    return named or (next(filter(None, found.groups())).decode("latin-1") if found else "")


def watched(app, file):
    """The application; after it has answered, what it was asked is recorded."""
    recorder = Recorder(file)

    async def asked(scope, receive, send):
        service, target = signed_for(scope) if scope["type"] == "http" else (None, "")
        if service is None or service == PRODUCT:
            await app(scope, receive, send)
            return
        # Objects may be large, and only their size is told.
        chunks, size, status, told, error = [], 0, 0, (), b""

        async def hear():
            nonlocal size
            message = await receive()
            chunk = message.get("body")
            if chunk:
                size += len(chunk)
                if service != "s3":
                    chunks.append(chunk)
            return message

        async def say(message):
            nonlocal status, told, error
            if message["type"] == "http.response.start":
                status, told = message["status"], message.get("headers", ())
            elif status >= 400 and len(error) < ERROR_MAX:
                error += message.get("body", b"")
            await send(message)

        await app(scope, hear, say)
        try:
            word = error_of(told, error) if status >= 400 else ""
            recorder.record(service, target, scope, b"".join(chunks), size, status, word)
        except Exception as failed:  # The emulator goes on without a record, which is told.
            at = traceback.extract_tb(sys.exc_info()[2])[-1]
            recorder.write_once({"failed": f"{type(failed).__name__} in {at.name}, line {at.lineno}", "service": service})

    return asked

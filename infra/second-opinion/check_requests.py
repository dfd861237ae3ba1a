"""A second opinion on requests that the emulator took: what AWS's own models, documented limits and another parser say.

    python check_requests.py FILE [FEWEST]

FILE holds what infra/local/emulator/recorded.py has written: a JSON object a line, one for each shape of a request. Several
emulators may have written to it. Printed are a table of what was checked, what was not checked and why, and each fault with
the text of its shape. Ends with 0 where nothing is wrong, with 1 where something is, and with 2 where no request was found,
or fewer shapes than FEWEST: then something is no longer recorded.

A request that the emulator refused for its form, or for want of a right, never had an effect: some tests ask so on purpose.
Its faults are told, and are not counted.

botocore says whether parameters are known, of their type, there where they must be, and within enumerations, patterns and
bounds. moto parses the expressions of DynamoDB; where its parsers let pass what DynamoDB refuses, a look at the words of the
expression does the rest.
"""

import functools
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import botocore.session
from botocore.validate import ParamValidator
from moto.dynamodb.comparisons import create_condition_expression_parser
from moto.dynamodb.parsing import ast_nodes
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.key_condition_expression import parse_expression
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords
from moto.dynamodb.parsing.validators import ActionCountValidator
from moto.dynamodb.responses import ProjectionExpressionParser

# ---- Limits ----------------------------------------------------------------------------------------------------------
# CONSTRAINTS is https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, in the copy that was to
# be had on 2026-11-28. "botocore" is the documentation inside botocore 1.44.8's model of the service, read on 2026-11-28.

# CONSTRAINTS, "Expression parameters", 2026-11-28: "The maximum length of any expression string is 4 KB."
EXPRESSION_BYTES_MAX = 4096
# CONSTRAINTS, "Expression parameters", 2026-11-28: "The maximum number of operators or functions allowed in an
# UpdateExpression is 300"; of filters the same is told by https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/
# example_dynamodb_Scenario_ExpressionOperatorCounting_section.html, 2026-11-28.
OPERATORS_MAX = 300
# CONSTRAINTS, "Expression parameters", 2026-11-28: "The maximum number of operands for the IN comparator is 100."
IN_OPERANDS_MAX = 100
# CONSTRAINTS, "Expression parameters", 2026-11-28: "The maximum length of any single expression attribute name or expression
# attribute value is 255 bytes. For example, #name is 5 bytes".
PLACEHOLDER_BYTES_MAX = 255
# CONSTRAINTS, "Data types", 2026-11-28: "A Number can have up to 38 digits of precision".
NUMBER_DIGITS_MAX = 38
# CONSTRAINTS, "Attributes", 2026-11-28: "DynamoDB supports nested attributes up to 32 levels deep."
NESTED_MAX = 32
# CONSTRAINTS, "Item size", 2026-11-28: "The maximum item size in DynamoDB is 400 KB", names included.
ITEM_BYTES_MAX = 400 * 1024
# CONSTRAINTS, "DynamoDB transactions", 2026-11-28: "A transaction cannot contain more than 100 unique items" and
# "cannot contain more than 4 MB of data".
TRANSACTION_ITEMS_MAX = 100
TRANSACTION_BYTES_MAX = 4 * 1024 * 1024
# CONSTRAINTS, "API-specific constraints", 2026-11-28: BatchGetItem "a maximum of 100 items", BatchWriteItem "up to 25".
BATCH_GET_MAX = 100
BATCH_WRITE_MAX = 25
# botocore, dynamodb, BatchWriteItem, 2026-11-28: "For a partition key, the limit is 2048 bytes and for a sort key, the limit
# is 1024 bytes."
PARTITION_BYTES_MAX = 2048
SORT_BYTES_MAX = 1024
# botocore, dynamodb, PutItemInput.ReturnValues and DeleteItemInput.ReturnValues, 2026-11-28: "does not recognize any values
# other than NONE or ALL_OLD".
RETURNED_BY_PUT_AND_DELETE = ("NONE", "ALL_OLD")
# botocore, dynamodb, PutItemInput.ConditionExpression and UpdateItemInput.UpdateExpression, 2026-11-28.
CONDITION_FUNCTIONS = ("attribute_exists", "attribute_not_exists", "attribute_type", "contains", "begins_with", "size")
UPDATE_FUNCTIONS = ("if_not_exists", "list_append")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.Modifying.html, 2026-11-28: "each action
# keyword can appear only once".
UPDATE_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")
# botocore, dynamodb, QueryInput.KeyConditionExpression, 2026-11-28.
KEY_FUNCTIONS = ("begins_with",)
# botocore, sqs, SendMessageBatch and ChangeMessageVisibilityBatch, 2026-11-28: "up to 10".
MESSAGES_MAX = 10
# botocore, sqs, SendMessageBatchRequestEntry.Id, 2026-11-28: unique, "up to 80 characters", "alphanumeric characters,
# hyphens(-), and underscores (_)".
ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
# botocore, sqs, SendMessageBatchRequestEntry.MessageGroupId and .MessageDeduplicationId, 2026-11-28: 128 characters,
# "alphanumeric characters and punctuation (!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~)".
GROUP_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}", re.ASCII)
# botocore, sqs, SendMessageRequest.MessageBody, 2026-11-28: "The minimum size is one character. The maximum size is 1 MiB or
# 1,048,576 bytes"; SendMessageBatch: the same for "the sum of the individual lengths of all of the batched messages".
MESSAGE_BYTES_MAX = 1_048_576
# botocore, sqs, SendMessageRequest.DelaySeconds, 2026-11-28: "Valid values: 0 to 900", and "When you set FifoQueue, you can't
# set DelaySeconds per message."
DELAY_SECONDS_MAX = 900
# botocore, sqs, ChangeMessageVisibilityRequest.VisibilityTimeout, 2026-11-28: "Values range: 0 to 43200."
HIDE_SECONDS_MAX = 43_200
# botocore, sqs, ReceiveMessageRequest.MaxNumberOfMessages, 2026-11-28: "Valid values: 1 to 10."
RECEIVED_MAX = 10
# botocore, kms, model of EncryptRequest.Plaintext, 2026-11-28: 1 to 4096 bytes.
PLAINTEXT_BYTES_MAX = 4096
# botocore, events, model of PutEventsRequest.Entries, 2026-11-28: 1 to 10; PutEvents: "the total entry size must be less than
# 1MB".
EVENTS_MAX = 10
EVENTS_BYTES_MAX = 1024 * 1024
# botocore, scheduler, model of CreateScheduleInput.Name, 2026-11-28.
SCHEDULE_NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}", re.ASCII)

# ---- What the emulator refused by itself -----------------------------------------------------------------------------

REFUSED = re.compile(
    r"Validation|AccessDenied|AuthorizationError|NotAuthorized|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|"
    r"MissingParameter|MissingRequired|InvalidParameter|InvalidAction|UnknownOperation|Serialization|InvalidArn|"
    r"InvalidAttribute|InvalidBatchEntryId|InvalidMessageContents|TooManyEntries|EmptyBatch|BatchEntryIdsNotDistinct|"
    r"MalformedXML|InvalidRequest"
)
# The tables' keys, where no CreateTable in the file says otherwise.
USUAL_KEYS = ("pk", "sk")
EXPRESSIONS = (
    "ConditionExpression", "FilterExpression", "KeyConditionExpression", "UpdateExpression", "ProjectionExpression"
)
OLD_WAYS = (
    "AttributesToGet", "AttributeUpdates", "ConditionalOperator", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"
)
ACTIONS = ("Put", "Update", "Delete", "ConditionCheck", "Get")
WORD = re.compile(r"\s+|[A-Za-z_]\w*|#\w+|:\w+|\d+|<>|<=|>=|[=<>(),.\[\]+-]", re.ASCII)
COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
# What the recorder says that it could not read.
UNREAD_XML = "a body of XML"
UNREAD_CBOR = "a body of CBOR"
UNREAD_JSON = "a body that is no JSON"
UNREAD_PATH = "no operation of the model has this path"


# ---- What was recorded -----------------------------------------------------------------------------------------------


class Told(str):
    """A text of which the length was recorded, and whether it fitted its pattern."""

    fits: bool | None = None
    size = 0


class ToldBytes(bytes):
    fits = True


@dataclass
class Shape:
    service: str
    operation: str
    params: dict
    text: str = ""
    caller: str = ""
    status: int = 200
    error: str = ""
    unread: list = field(default_factory=list)

    @property
    def is_refused(self):
        return self.status == 403 or (self.status >= 400 and bool(REFUSED.search(self.error)))


def told(value):
    """Placeholders that stand for length alone become texts and bytes of this length."""
    if isinstance(value, list):
        return [told(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$text" in value:
        text = Told("x" * value["$text"])
        text.fits, text.size = value.get("fits"), value.get("bytes", value["$text"])
        return text
    if "$bytes" in value:
        raw = ToldBytes(value["$bytes"])
        raw.fits = value.get("fits", True)
        return raw
    return {key: told(held) for key, held in value.items()}


def size_of(text):
    if isinstance(text, Told):
        return text.size
    return len(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else len(text)


def read(lines):
    """Shapes, each once; what was skipped; and what went wrong in the recorder."""
    shapes, skipped, failed = {}, set(), []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            if "skipped" in found:
                skipped.add(found["skipped"])
            elif "failed" in found:
                failed.append(f"the recorder failed: {found['failed']} ({found.get('service', 'any service')})")
            else:
                answer = found.get("answer", {})
                shape = Shape(
                    found["service"], found["operation"], told(found["params"]), found.get("shape", ""),
                    found.get("caller", ""), answer.get("status", 200), answer.get("error", ""), found.get("unread", []),
                )
                shapes.setdefault((shape.service, shape.operation, shape.text, shape.error), shape)
        except (ValueError, KeyError, TypeError, AttributeError):
            failed.append(f"line {number} is not what the recorder writes")
    return list(shapes.values()), sorted(skipped), failed


# ---- The model of the service ----------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def model_of(service):
    return botocore.session.get_session().get_service_model(service)


@functools.lru_cache(maxsize=None)
def compiled(pattern):
    """None for what only other languages' patterns can say."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def from_text(value, shape):
    """A query is text throughout; the model says what each text is meant as."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return {name: from_text(held, shape.members[name]) if name in shape.members else held for name, held in value.items()}
    if kind == "list" and isinstance(value, list):
        return [from_text(one, shape.member) for one in value]
    if kind == "map" and isinstance(value, dict):
        return {key: from_text(held, shape.value) for key, held in value.items()}
    if not isinstance(value, str):
        return value
    if kind in ("integer", "long") and re.fullmatch(r"-?\d+", value, re.ASCII):
        return int(value)
    if kind in ("float", "double") and NUMBER.fullmatch(value):
        return float(value)
    if kind == "boolean" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


class Bounds:
    """What botocore itself leaves unsaid: enumerations, patterns, and the upper bounds."""

    def __init__(self, is_json):
        self.is_json, self.faults, self.unreadable = is_json, [], set()

    def look(self, value, shape, path=""):
        kind = shape.type_name
        if kind == "structure" and isinstance(value, dict):
            for name, held in value.items():
                if name in shape.members:
                    self.look(held, shape.members[name], f"{path}.{name}" if path else name)
        elif kind == "list" and isinstance(value, list):
            self.upper(len(value), shape, path, "entries")
            for number, one in enumerate(value):
                self.look(one, shape.member, f"{path}[{number}]")
        elif kind == "map" and isinstance(value, dict):
            self.upper(len(value), shape, path, "entries")
            for key, held in value.items():
                self.look(key, shape.key, f"{path} (the key {key})")
                self.look(held, shape.value, f"{path}.{key}")
        elif kind == "blob" and isinstance(value, (bytes, bytearray)):
            self.upper(len(value), shape, path, "bytes")
            if "min" in shape.metadata and len(value) < shape.metadata["min"]:
                self.faults.append(f"{path}: {len(value)} bytes are fewer than {shape.metadata['min']}")
            if getattr(value, "fits", True) is False:
                self.faults.append(f"{path}: not base64")
        elif kind == "timestamp" and self.is_json and isinstance(value, str) and "timestampFormat" not in shape.serialization:
            self.faults.append(f"{path}: a time is a number here, and this is a text")
        elif kind == "string" and isinstance(value, str):
            self.text(value, shape, path)
        elif kind in ("integer", "long", "float", "double") and isinstance(value, (int, float)):
            self.upper(value, shape, path, "")

    def text(self, value, shape, path):
        self.upper(len(value), shape, path, "characters")
        if shape.enum and value not in shape.enum:
            self.faults.append(f"{path}: '{value[:64]}' is none of {', '.join(sorted(shape.enum)[:12])}")
        pattern = shape.metadata.get("pattern")
        if not pattern:
            return
        fits = getattr(value, "fits", None)
        if fits is None:
            if compiled(pattern) is None:
                self.unreadable.add(pattern)
                return
            fits = bool(compiled(pattern).fullmatch(value))
        if not fits:
            self.faults.append(f"{path}: '{value[:64]}' does not match {pattern}")

    def upper(self, size, shape, path, what):
        most = shape.metadata.get("max")
        if most is not None and size > most:
            self.faults.append(f"{path}: {size} {what} are more than {most}".replace("  ", " "))


def by_model(shape, unreadable):
    """Faults that the service's model knows."""
    for unread in (UNREAD_PATH, UNREAD_JSON):
        if unread in shape.unread:
            return [unread]
    if UNREAD_CBOR in shape.unread:
        return []
    model = model_of(shape.service)
    if shape.operation not in model.operation_names:
        return [f"{shape.service} has no operation of this name"]
    operation = model.operation_model(shape.operation)
    if operation.input_shape is None:
        return [f"{name}: the operation takes no parameters" for name in shape.params]
    protocol = model.metadata["protocol"]
    params = from_text(shape.params, operation.input_shape) if protocol in ("query", "ec2") else shape.params
    report = ParamValidator().validate(params, operation.input_shape)
    unread = operation.input_shape.serialization.get("payload") if UNREAD_XML in shape.unread else None
    faults = [line for line in report.generate_report().splitlines() if line]
    if unread:
        faults = [line for line in faults if not line.endswith(f'Missing required parameter in input: "{unread}"')]
    bounds = Bounds(protocol == "json")
    bounds.look(params, operation.input_shape)
    unreadable |= bounds.unreadable
    return faults + bounds.faults


# ---- DynamoDB: expressions -------------------------------------------------------------------------------------------


class Unparsed(Exception):
    pass


def words_of(text):
    """The words of an expression, without the space between them."""
    words, at = [], 0
    while at < len(text):
        found = WORD.match(text, at)
        if not found:
            raise Unparsed(f"'{text[at]}' stands in no expression")
        if not found.group().isspace():
            words.append(found.group())
        at = found.end()
    return words


def calls_of(words):
    """Words with a bracket after them, which are functions where they are names."""
    keywords = ("and", "or", "not", "in", "between")
    pairs = zip(words, words[1:])
    return [word for word, after in pairs if after == "(" and word[0].isalpha() and word.lower() not in keywords]


def is_bare(word):
    return word[0].isalpha() or word[0] == "_"


def keywords_of(kind):
    if kind == "UpdateExpression":
        return UPDATE_CLAUSES
    return () if kind == "ProjectionExpression" else ("AND", "OR", "NOT", "IN", "BETWEEN")


def functions_of(kind):
    return {"UpdateExpression": UPDATE_FUNCTIONS, "KeyConditionExpression": KEY_FUNCTIONS, "ProjectionExpression": ()}.get(
        kind, CONDITION_FUNCTIONS
    )


def word_faults(kind, words):
    """What can be seen in the words alone."""
    faults, calls = [], calls_of(words)
    keywords = keywords_of(kind)
    for name in calls:
        if name not in functions_of(kind):
            faults.append(f"{name} is no function of a {kind}")
    reserved = ReservedKeywords.get_reserved_keywords()
    for word in words:
        if is_bare(word) and word.upper() not in keywords and word not in calls and word.upper() in reserved:
            faults.append(f"{word} is a reserved word, and needs a name with # in its place")
    for before, word, after in zip(["", *words], words, [*words[1:], ""]):
        if word.isdigit() and not (before == "[" and after == "]"):
            faults.append(f"{word} is a value by itself, and needs a name with : in its place")
    if kind != "UpdateExpression":
        arithmetic = [word for word in words if word in ("+", "-")]
        if arithmetic:
            faults.append(f"arithmetic ({arithmetic[0]}) in what only compares")
    return faults


def operators_of(kind, words):
    """Of an update the = of an assignment is none."""
    if kind == "UpdateExpression":
        return sum(word in ("+", "-") for word in words) + len(calls_of(words))
    logical = ("AND", "OR", "NOT", "IN", "BETWEEN")
    counted = sum(word in COMPARATORS or word.upper() in logical for word in words) + len(calls_of(words))
    # The AND of a BETWEEN belongs to it.
    return counted - sum(word.upper() == "BETWEEN" for word in words)


def in_operands(words):
    """How many the longest IN has."""
    most, at = 0, 0
    while at < len(words):
        if words[at].upper() == "IN" and words[at + 1 : at + 2] == ["("]:
            end = words.index(")", at) if ")" in words[at:] else len(words)
            most = max(most, words[at:end].count(",") + 1)
        at += 1
    return most


def paths_of(words):
    """Paths of attributes, each as its parts."""
    paths, at = [], 0
    while at < len(words):
        if not is_bare(words[at]) and words[at][0] != "#":
            at += 1
            continue
        path = [words[at]]
        at += 1
        while at + 1 < len(words) and words[at] in (".", "["):
            path.append(words[at + 1] if words[at] == "." else f"[{words[at + 1]}]")
            at += 2 if words[at] == "." else 3
        paths.append(tuple(path))
    return paths


def resolved(path, names):
    return tuple(names.get(part, part) for part in path)


def overlap(paths, names):
    """The first two of which one is, or lies in, the other."""
    whole = [resolved(path, names) for path in paths]
    for number, one in enumerate(whole):
        for other in whole[number + 1 :]:
            shared = min(len(one), len(other))
            if one[:shared] == other[:shared]:
                return f"the paths {'.'.join(one)} and {'.'.join(other)} overlap"
    return None


def update_faults(text, names, key):
    tree = UpdateExpressionParser.make(text)
    ActionCountValidator().traverse(tree)
    if len(tree.find_clauses([ast_nodes.UpdateExpressionDeleteClause])) > 1:
        raise Unparsed("DELETE stands in it more than once")
    actions = tree.find_clauses([
        ast_nodes.UpdateExpressionSetAction, ast_nodes.UpdateExpressionRemoveAction,
        ast_nodes.UpdateExpressionAddAction, ast_nodes.UpdateExpressionDeleteAction,
    ])
    paths = [paths_of(words_of(action.children[0].to_str()))[0] for action in actions]
    faults = [found] if (found := overlap(paths, names)) else []
    for path in paths:
        root = resolved(path, names)[0]
        if root in (key or {}):
            faults.append(f"{root} is part of the key, which no update changes")
    return faults


def key_faults(text, words, names, values):
    """A partition by its name, and at most one comparison of the sort key."""
    flat = [word for word in words if word not in ("(", ")", ",")]
    joined = " ".join("N" if is_bare(word) and word.upper() not in ("AND", "BETWEEN") and word not in KEY_FUNCTIONS
                      else "N" if word[0] == "#" else "V" if word[0] == ":" else word.upper() for word in flat)
    one = r"(N (=|<|<=|>|>=) V|N BETWEEN V AND V|BEGINS_WITH N V)"
    if not re.fullmatch(f"{one}( AND {one})?", joined):
        raise Unparsed(f"{joined} is no condition on keys")
    paths = [resolved(path, names)[0] for path in paths_of([word for word in words if word.upper() not in ("AND", "BETWEEN")
                                                            and word not in KEY_FUNCTIONS])]
    equal = [resolved((word,), names)[0] for word, after in zip(flat, flat[1:]) if after == "="]
    if not equal:
        raise Unparsed("no partition is named by =")
    # Which of two is the partition's cannot be told where both are compared by =.
    order = sorted(dict.fromkeys(paths), key=lambda path: path not in equal)
    if len(order) < len(paths):
        raise Unparsed(f"{order[0]} is compared twice")
    kinds = zip(order, ("HASH", "RANGE"))
    schema = [{"AttributeName": name, "KeyType": kind} for name, kind in kinds]
    parse_expression(text, values, names, schema)
    return order


def parse(kind, text, words, request):
    """What moto says of it, and of the paths in it."""
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    if kind == "UpdateExpression":
        return update_faults(text, names, request.get("Key"))
    if kind == "KeyConditionExpression":
        key_faults(text, words, names, values)
        return []
    if kind == "ProjectionExpression":
        listed = " ".join(words).replace(" . ", ".").replace(" [ ", "[").replace(" ]", "]").split(" , ")
        if any(len(paths_of(words_of(one))) != 1 or " " in one.replace("].", ".") for one in listed):
            raise Unparsed("it is no list of paths")
        ProjectionExpressionParser(text, names).parse()
        return [found] if (found := overlap(paths_of(words), names)) else []
    # moto reads an index of one digit, and trips over it when it makes words of the tree.
    plain = re.sub(r"\[\d+\]", "", text)
    create_condition_expression_parser(plain, names, values).parse()
    return []


def reason(error):
    """What a parser says is wrong; some of them say it as an answer of HTTP."""
    if isinstance(error, Unparsed):
        return str(error)
    said = getattr(error, "message", None) or str(error)
    if isinstance(error, KeyError):
        return f"{error.args[0]} is not defined"
    return f"moto's parser refuses it: {said or type(error).__name__}"


def expression_faults(kind, text, request):
    size = size_of(text)
    faults = [f"{kind}: {size} bytes are more than {EXPRESSION_BYTES_MAX}"] if size > EXPRESSION_BYTES_MAX else []
    if not text.strip():
        return [f"{kind}: it is empty"]
    try:
        words = words_of(text)
        found = word_faults(kind, words)
        operators = operators_of(kind, words)
        if operators > OPERATORS_MAX:
            found.append(f"{operators} operators and functions are more than {OPERATORS_MAX}")
        if in_operands(words) > IN_OPERANDS_MAX:
            found.append(f"IN has {in_operands(words)} operands, more than {IN_OPERANDS_MAX}")
        # A word that DynamoDB does not know is told already, and better than a parser tells it.
        if not found:
            found = parse(kind, text, words, request)
    except Exception as error:  # moto's parsers end in errors of many kinds, a failed assertion among them.
        found = [reason(error)]
    return faults + [f"{kind}: {one}" for one in found]


def placeholder_faults(request):
    """Each one that is defined is used, and each one that is used is defined."""
    texts = [request[kind] for kind in EXPRESSIONS if isinstance(request.get(kind), str)]
    used = set(re.findall(r"[#:]\w+", " ".join(texts), re.ASCII))
    faults = []
    for member, mark in (("ExpressionAttributeNames", "#"), ("ExpressionAttributeValues", ":")):
        defined = request.get(member)
        if defined is not None and not defined:
            faults.append(f"{member}: it is empty")
        if defined and not texts:
            faults.append(f"{member}: there is no expression")
        for name in defined or {}:
            if not re.fullmatch(rf"{mark}\w+", name, re.ASCII):
                faults.append(f"{member}: {name} is no placeholder")
            elif texts and name not in used:
                faults.append(f"{member}: {name} is defined and not used")
            if size_of(name) > PLACEHOLDER_BYTES_MAX:
                faults.append(f"{member}: {name[:20]} is longer than {PLACEHOLDER_BYTES_MAX} bytes")
        faults += [f"{member}: {name} is used and not defined" for name in sorted(used)
                   if name[0] == mark and name not in (defined or {})]
    for name, attribute in (request.get("ExpressionAttributeNames") or {}).items():
        if isinstance(attribute, str) and not attribute:
            faults.append(f"ExpressionAttributeNames: {name} stands for an empty name")
    return faults


# ---- DynamoDB: items -------------------------------------------------------------------------------------------------


def value_faults(value, path, depth=1):
    if not isinstance(value, dict) or len(value) != 1:
        return [f"{path}: a value has one type, and this has {len(value) if isinstance(value, dict) else 'none'}"]
    (kind, held), = value.items()
    if depth > NESTED_MAX:
        return [f"{path}: more than {NESTED_MAX} levels deep"]
    if kind == "N":
        return number_faults(held, path)
    if kind in ("SS", "NS", "BS") and isinstance(held, list):
        faults = [] if held else [f"{path}: an empty set"]
        if kind == "SS" and len(set(held)) < len(held):
            faults.append(f"{path}: a set that holds a value twice")
        return faults + [fault for one in held if kind == "NS" for fault in number_faults(one, path)]
    if kind == "M" and isinstance(held, dict):
        return [fault for name, one in held.items() for fault in value_faults(one, f"{path}.{name}", depth + 1)]
    if kind == "L" and isinstance(held, list):
        return [fault for at, one in enumerate(held) for fault in value_faults(one, f"{path}[{at}]", depth + 1)]
    return []


def number_faults(text, path):
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        return [f"{path}: no number"]
    digits = re.sub(r"[eE].*|[-+.]", "", text).strip("0")
    return [f"{path}: more than {NUMBER_DIGITS_MAX} digits"] if len(digits) > NUMBER_DIGITS_MAX else []


def value_size(value):
    """About as DynamoDB counts it."""
    if not isinstance(value, dict) or len(value) != 1:
        return 0
    (kind, held), = value.items()
    if kind in ("S", "B"):
        return size_of(held)
    if kind == "N":
        return len(held) // 2 + 1
    if kind in ("SS", "BS"):
        return sum(map(size_of, held))
    if kind == "NS":
        return sum(len(one) // 2 + 1 for one in held)
    if kind == "M":
        return 3 + sum(1 + size_of(name) + value_size(one) for name, one in held.items())
    if kind == "L":
        return 3 + sum(1 + value_size(one) for one in held)
    return 1


def item_size(item):
    return sum(size_of(name) + value_size(value) for name, value in item.items())


def key_value_faults(item, keys, path):
    faults = []
    for name, most in zip(keys, (PARTITION_BYTES_MAX, SORT_BYTES_MAX)):
        value = item.get(name)
        if not isinstance(value, dict) or len(value) != 1:
            continue
        (kind, held), = value.items()
        if kind not in ("S", "N", "B"):
            faults.append(f"{path}.{name}: a key of the type {kind}")
        elif kind != "N" and not held:
            faults.append(f"{path}.{name}: an empty key")
        elif kind != "N" and size_of(held) > most:
            faults.append(f"{path}.{name}: {size_of(held)} bytes are more than a key's {most}")
    return faults


class Tables:
    """What CreateTable has said, where it was asked."""

    def __init__(self, shapes=()):
        self.keys, self.index_keys, self.local = {}, {}, set()
        for shape in shapes:
            if (shape.service, shape.operation) != ("dynamodb", "CreateTable"):
                continue
            table = shape.params.get("TableName")
            self.keys[table] = self.schema(shape.params)
            for index in shape.params.get("GlobalSecondaryIndexes") or []:
                self.index_keys.setdefault(table, []).append(self.schema(index))
            for index in shape.params.get("LocalSecondaryIndexes") or []:
                self.local.add((table, index.get("IndexName")))

    @staticmethod
    def schema(holder):
        parts = sorted(holder.get("KeySchema") or [], key=lambda part: part.get("KeyType") != "HASH")
        return tuple(part.get("AttributeName") for part in parts)

    def of(self, table):
        return self.keys.get(table, USUAL_KEYS)


def row_faults(request, table, tables):
    """Keys, items and values of one action."""
    faults = []
    for member in ("Key", "Item", "ExclusiveStartKey", "ExpressionAttributeValues"):
        values = request.get(member)
        if not isinstance(values, dict):
            continue
        for name, value in values.items():
            faults += value_faults(value, f"{member}.{name}")
        if member == "ExpressionAttributeValues":
            continue
        faults += key_value_faults(values, tables.of(table), member)
        for keys in tables.index_keys.get(table, []):
            faults += key_value_faults(values, keys, member)
        if member == "Item":
            size = item_size(values)
            if size > ITEM_BYTES_MAX:
                faults.append(f"Item: about {size} bytes are more than {ITEM_BYTES_MAX}")
            faults += [f"Item: no {name}, which is a key" for name in tables.of(table)[:1] if name not in values]
    return faults


def action_faults(request, tables, table=None):
    """One action, alone or of a transaction."""
    table = table or request.get("TableName")
    faults = [fault for kind in EXPRESSIONS if isinstance(request.get(kind), str)
              for fault in expression_faults(kind, request[kind], request)]
    faults += placeholder_faults(request) + row_faults(request, table, tables)
    old = [name for name in OLD_WAYS if name in request]
    new = [name for name in EXPRESSIONS if name in request]
    if old and new:
        faults.append(f"{old[0]} and {new[0]}: an old way and an expression in one request")
    return faults


def read_faults(operation, request, tables):
    """What only Query and Scan have."""
    faults = []
    table, index = request.get("TableName"), request.get("IndexName")
    if request.get("ConsistentRead") is True and index and (table, index) not in tables.local:
        faults.append("ConsistentRead: a global secondary index is not read consistently")
    if operation == "Query" and not ("KeyConditionExpression" in request or "KeyConditions" in request):
        faults.append("KeyConditionExpression: a query names a partition")
    select, projection = request.get("Select"), request.get("ProjectionExpression")
    if projection and select and select != "SPECIFIC_ATTRIBUTES":
        faults.append(f"Select: {select} does not go with a ProjectionExpression")
    if select == "SPECIFIC_ATTRIBUTES" and not projection and "AttributesToGet" not in request:
        faults.append("Select: SPECIFIC_ATTRIBUTES needs a ProjectionExpression")
    if select == "ALL_PROJECTED_ATTRIBUTES" and not index:
        faults.append("Select: ALL_PROJECTED_ATTRIBUTES needs an index")
    if operation == "Query" and isinstance(request.get("FilterExpression"), str):
        faults += filter_faults(request)
    return faults


def filter_faults(request):
    names = request.get("ExpressionAttributeNames") or {}

    def roots(kind):
        try:
            words = [word for word in words_of(request.get(kind) or "") if word.upper() not in keywords_of(kind)
                     and word not in CONDITION_FUNCTIONS]
            return {resolved(path, names)[0] for path in paths_of(words)}
        except Unparsed:
            return set()

    shared = sorted(roots("FilterExpression") & roots("KeyConditionExpression"))
    return [f"FilterExpression: {name} is a key, which no filter asks for" for name in shared]


def identity(table, values, tables):
    return json.dumps([table, [values.get(name) for name in tables.of(table)]], sort_keys=True, default=repr)


def doubled(rows, tables, what):
    found = Counter(identity(table, values, tables) for table, values in rows)
    return [f"{what}: the same item more than once"] if any(count > 1 for count in found.values()) else []


def batch_faults(operation, request, tables):
    faults, rows = [], []
    for table, asked in (request.get("RequestItems") or {}).items():
        if operation == "BatchGetItem" and isinstance(asked, dict):
            faults += action_faults({name: value for name, value in asked.items() if name != "Keys"}, tables, table)
            for key in asked.get("Keys") or []:
                faults += row_faults({"Key": key}, table, tables)
                rows.append((table, key))
        elif operation == "BatchWriteItem" and isinstance(asked, list):
            for write in asked:
                part = write.get("PutRequest") or write.get("DeleteRequest") or {}
                if len(write) != 1:
                    faults.append("RequestItems: an entry is one put or one deletion")
                faults += row_faults(part, table, tables)
                rows.append((table, part.get("Item") or part.get("Key") or {}))
    most = BATCH_GET_MAX if operation == "BatchGetItem" else BATCH_WRITE_MAX
    if len(rows) > most:
        faults.append(f"RequestItems: {len(rows)} items are more than {most}")
    return faults + doubled(rows, tables, "RequestItems")


def transaction_faults(request, tables):
    faults, rows, size = [], [], 0
    items = request.get("TransactItems") or []
    for number, item in enumerate(items):
        actions = [action for action in ACTIONS if action in item]
        if len(actions) != 1:
            faults.append(f"TransactItems[{number}]: one action each, and this has {len(actions)}")
        for action in actions:
            part = item[action]
            faults += [f"TransactItems[{number}].{action}.{fault}" for fault in action_faults(part, tables)]
            values = part.get("Item") or part.get("Key") or {}
            rows.append((part.get("TableName"), values))
            size += item_size(values) + item_size(part.get("ExpressionAttributeValues") or {})
    if len(items) > TRANSACTION_ITEMS_MAX:
        faults.append(f"TransactItems: {len(items)} items are more than {TRANSACTION_ITEMS_MAX}")
    if size > TRANSACTION_BYTES_MAX:
        faults.append(f"TransactItems: about {size} bytes are more than {TRANSACTION_BYTES_MAX}")
    return faults + doubled(rows, tables, "TransactItems")


def dynamodb_faults(shape, tables):
    operation, request = shape.operation, shape.params
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return batch_faults(operation, request, tables)
    if operation in ("TransactGetItems", "TransactWriteItems"):
        return transaction_faults(request, tables)
    if operation not in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"):
        return []
    faults = action_faults(request, tables)
    if operation in ("Query", "Scan"):
        faults += read_faults(operation, request, tables)
    returned = request.get("ReturnValues")
    if operation in ("PutItem", "DeleteItem") and returned and returned not in RETURNED_BY_PUT_AND_DELETE:
        faults.append(f"ReturnValues: {operation} knows no {returned}")
    return faults


# ---- The other services ----------------------------------------------------------------------------------------------


def number_within(request, name, least, most):
    value = request.get(name)
    if isinstance(value, int) and not least <= value <= most:
        return [f"{name}: {value} is not within {least} to {most}"]
    return []


def message_faults(message, queue, path=""):
    faults, is_fifo = [], queue.endswith(".fifo")
    body = message.get("MessageBody")
    if isinstance(body, str) and not 1 <= size_of(body) <= MESSAGE_BYTES_MAX:
        faults.append(f"{path}MessageBody: {size_of(body)} bytes are not within 1 to {MESSAGE_BYTES_MAX}")
    for name in ("MessageGroupId", "MessageDeduplicationId"):
        value = message.get(name)
        if isinstance(value, str) and not GROUP_ID.fullmatch(value):
            faults.append(f"{path}{name}: '{value[:140]}' is not 1 to 128 letters, digits and signs that are allowed")
    # botocore, sqs, SendMessageRequest.MessageGroupId, 2026-11-28: without one "when sending a message to a FIFO queue, the
    # action fails".
    if is_fifo and "MessageGroupId" not in message:
        faults.append(f"{path}MessageGroupId: a FIFO queue wants one")
    if is_fifo and "DelaySeconds" in message:
        faults.append(f"{path}DelaySeconds: a FIFO queue delays no single message")
    return faults + [path + fault for fault in number_within(message, "DelaySeconds", 0, DELAY_SECONDS_MAX)]


def sqs_faults(shape, _tables):
    request, faults = shape.params, []
    queue = request.get("QueueUrl") or ""
    if shape.operation == "SendMessage":
        faults += message_faults(request, queue)
    if shape.operation in ("DeleteMessage", "ChangeMessageVisibility") and not request.get("ReceiptHandle"):
        faults.append("ReceiptHandle: there is none")
    if shape.operation == "ChangeMessageVisibility":
        faults += number_within(request, "VisibilityTimeout", 0, HIDE_SECONDS_MAX)
    if shape.operation == "ReceiveMessage":
        faults += number_within(request, "MaxNumberOfMessages", 1, RECEIVED_MAX)
    if not shape.operation.endswith("Batch"):
        return faults
    entries = [entry for entry in request.get("Entries") or [] if isinstance(entry, dict)]
    if not 1 <= len(entries) <= MESSAGES_MAX:
        faults.append(f"Entries: {len(entries)} are not within 1 to {MESSAGES_MAX}")
    ids = [entry.get("Id") for entry in entries]
    if len(set(ids)) < len(ids):
        faults.append("Entries: an Id stands there more than once")
    total = 0
    for number, entry in enumerate(entries):
        path = f"Entries[{number}]."
        if isinstance(entry.get("Id"), str) and not ENTRY_ID.fullmatch(entry["Id"]):
            faults.append(f"{path}Id: '{entry['Id'][:90]}' is not 1 to 80 letters, digits, hyphens and underscores")
        if shape.operation == "SendMessageBatch":
            faults += message_faults(entry, queue, path)
            total += size_of(entry.get("MessageBody") or "")
        elif not entry.get("ReceiptHandle"):
            faults.append(f"{path}ReceiptHandle: there is none")
        faults += [path + fault for fault in number_within(entry, "VisibilityTimeout", 0, HIDE_SECONDS_MAX)]
    if total > MESSAGE_BYTES_MAX:
        faults.append(f"Entries: {total} bytes together are more than {MESSAGE_BYTES_MAX}")
    return faults


def kms_faults(shape, _tables):
    faults, request = [], shape.params
    for name in ("EncryptionContext", "SourceEncryptionContext", "DestinationEncryptionContext"):
        context = request.get(name, {})
        if not isinstance(context, dict) or not all(isinstance(value, str) for value in context.values()):
            faults.append(f"{name}: it is no map of texts")
    plaintext = request.get("Plaintext")
    if shape.operation == "Encrypt" and isinstance(plaintext, bytes) and not 1 <= len(plaintext) <= PLAINTEXT_BYTES_MAX:
        faults.append(f"Plaintext: {len(plaintext)} bytes are not within 1 to {PLAINTEXT_BYTES_MAX}")
    # botocore, kms, GenerateDataKey, 2026-11-28: "Use either the KeySpec or NumberOfBytes parameters (but not both)."
    if shape.operation.startswith("GenerateDataKey") and "Pair" not in shape.operation:
        if ("KeySpec" in request) == ("NumberOfBytes" in request):
            faults.append("KeySpec: either it or NumberOfBytes, and one of them")
    return faults


def event_faults(shape, _tables):
    if shape.operation != "PutEvents":
        return []
    entries = [entry for entry in shape.params.get("Entries") or [] if isinstance(entry, dict)]
    faults = []
    if not 1 <= len(entries) <= EVENTS_MAX:
        faults.append(f"Entries: {len(entries)} are not within 1 to {EVENTS_MAX}")
    total = sum(size_of(entry[name]) for entry in entries for name in ("Source", "DetailType", "Detail")
                if isinstance(entry.get(name), str))
    if total >= EVENTS_BYTES_MAX:
        faults.append(f"Entries: {total} bytes together are not less than {EVENTS_BYTES_MAX}")
    return faults


def scheduler_faults(shape, _tables):
    name = shape.params.get("Name")
    is_named = shape.operation.endswith(("Schedule", "ScheduleGroup"))
    if is_named and isinstance(name, str) and not SCHEDULE_NAME.fullmatch(name):
        return [f"Name: '{name[:70]}' is no name of a schedule"]
    return []


BY_SERVICE = {
    "dynamodb": dynamodb_faults, "sqs": sqs_faults, "kms": kms_faults, "events": event_faults, "scheduler": scheduler_faults
}


# ---- The opinion -----------------------------------------------------------------------------------------------------


def faults_of(shape, tables=None, unreadable=None):
    """All that is wrong with one shape, each once."""
    unreadable = set() if unreadable is None else unreadable
    faults = by_model(shape, unreadable)
    named = {fault.partition(":")[0] for fault in faults}
    special = BY_SERVICE.get(shape.service)
    if special and not shape.unread:
        try:
            # Of one place it is told once what is wrong.
            faults += [one for one in special(shape, tables or Tables([shape])) if one.partition(":")[0] not in named]
        except (AttributeError, TypeError) as error:
            # What is of another type than the model says is told already, by the model.
            faults += [] if faults else [f"it could not be looked at: {error}"]
    return list(dict.fromkeys(faults))


def print_table(rows):
    titles = ("service", "operation", "shapes", "faults")
    widths = [max(len(str(row[at])) for row in [titles, *rows]) for at in range(4)]
    for service, operation, shapes, faults in [titles, *rows]:
        print(f"{service:<{widths[0]}}  {operation:<{widths[1]}}  {shapes:>{widths[2]}}  {faults:>{widths[3]}}")


def print_faults(title, found):
    print(f"\n{title}")
    for shape, faults in found:
        asked = f"answered {shape.status} {shape.error}".rstrip()
        print(f"\n{shape.service}.{shape.operation} ({asked}; asked by {shape.caller or 'a client without a name'})")
        for fault in faults:
            print(f"  - {fault}")
        print(f"  shape: {shape.text}")


def print_unchecked(shapes, skipped, unreadable):
    lines = [f"{name}: not read, since the recorder has no model for it" for name in skipped]
    for what in sorted({what for shape in shapes for what in shape.unread} - {UNREAD_PATH, UNREAD_JSON}):
        named = sorted({f"{shape.service}.{shape.operation}" for shape in shapes if what in shape.unread})
        lines.append(f"{', '.join(named)}: {what}")
    lines += [f"the pattern {pattern}: Python cannot read it" for pattern in sorted(unreadable)]
    if any(model_of(shape.service).metadata["protocol"] == "rest-xml" for shape in shapes):
        lines.append("objects: their names' characters, and what is in them")
    if lines:
        print("\nNot checked:")
        print("\n".join(f"  - {line}" for line in lines))


def check(lines, fewest=0):
    """Prints the opinion; the status to end with."""
    shapes, skipped, failed = read(lines)
    if not shapes:
        print("No request was recorded: nothing was checked.")
        return 2
    tables, unreadable, counted, noted, sums = Tables(shapes), set(), [], [], Counter()
    for shape in sorted(shapes, key=lambda one: (one.service, one.operation, one.text)):
        faults = faults_of(shape, tables, unreadable)
        sums[shape.service, shape.operation, "shapes"] += 1
        if faults:
            (noted if shape.is_refused else counted).append((shape, faults))
        if not shape.is_refused:
            sums[shape.service, shape.operation, "faults"] += len(faults)
    operations = sorted({(service, operation) for service, operation, _ in sums})
    print_table([(*one, sums[(*one, "shapes")], sums[(*one, "faults")]) for one in operations])
    print_unchecked(shapes, skipped, unreadable)
    if noted:
        print_faults("Wrong, and refused by the emulator as well (not counted):", noted)
    if counted:
        print_faults("Wrong, and the emulator has not said so:", counted)
    for failure in failed:
        print(f"\n{failure}")
    wrong = sum(len(faults) for _, faults in counted) + len(failed)
    print(f"\n{len(shapes)} shapes of {len(operations)} operations, {wrong} faults")
    if len(shapes) < fewest:
        print(f"Fewer than {fewest} shapes: something that the tests ask for is no longer recorded.")
        return 2
    return 1 if wrong else 0


def main(arguments):
    if len(arguments) not in (1, 2) or not all(fewest.isdecimal() for fewest in arguments[1:]):
        print(__doc__.strip())
        return 2
    try:
        lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        print(f"No requests to look at: {error}")
        return 2
    return check(lines, *map(int, arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

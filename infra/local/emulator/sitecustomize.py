"""Python imports this file by itself when the emulator starts (it stands on the emulator's PYTHONPATH).

The emulator's Lambda runtime server writes header and body of each answer apart, so each invocation waits
about 40 ms for a delayed acknowledgement. One buffered write without Nagle's algorithm ends that wait.

Where no room is left for a function, AWS's pollers try the same batch again; the emulator gives it back to its
queue at once, which hides it for a minute or two. Here it is tried again as well.

AWS retries an asynchronous event for six hours while no room is left; the emulator gives it up after three seconds. Here it
waits for room.

AWS allows a batch of messages by the right to one (`sqs:SendMessage` covers `SendMessageBatch`); the emulator asks
for a right that does not exist. Here it asks as AWS does.

AWS tells Lambda's account settings to whoever has the right to ask (`lambda:GetAccountSettings`); the emulator tells
everybody. Here it asks for the right.

AWS tells a policy's conditions which partitions a call names (`dynamodb:LeadingKeys`) and which attributes
(`dynamodb:Attributes`), for each item of a transaction by itself; the emulator tells the attributes of projections alone.
Here it tells them, so that roles which are held to partitions and attributes are held to them. What an attribute's name is
told for is AWS's documentation: keys, items, and whatever an expression names, a condition's included.

CloudFormation writes which pages may ask an API with capital letters (`AllowOrigins`), the API itself with small ones;
the emulator keeps the first and reads the second. Here it reads both.

AWS tells a function from which address it was asked; the emulator calls everybody 127.0.0.1. Here it tells it.

Where no room is left for a function, AWS tells a state machine so (`Lambda.TooManyRequestsException`), which may try again
for long; the emulator tells it of a failure that nobody knows. Here it tells it what AWS does.

Requests are awaited in C here (uvloop): Python's own loop took half of the emulator's time. They are read in C as well (uvicorn with
httptools): hypercorn took a third of what was left. Answers become text in Rust (orjson), and what an expression or a number's size
depends on is its text, so each text is looked at once.

Where MONIQO_REQUESTS names a file, one request of each shape is written there (recorded.py), without the values that it holds.
"""

import contextlib
import contextvars
import functools
import importlib.abc
import importlib.util
import os
import re
import socketserver
import sys
import threading
import time

import orjson
import uvicorn
import uvloop

uvloop.install()
socketserver.StreamRequestHandler.wbufsize = -1
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

LAMBDA = "ministack.services.lambda_svc"
IAM_ACTIONS = "ministack.core.iam_actions"
IAM_EVALUATOR = "ministack.core.iam_evaluator"
GATEWAY = "ministack.services.apigateway"
MACHINES = "ministack.services.stepfunctions"
RESPONSES = "ministack.core.responses"
SERVER = "hypercorn.asyncio"
DYNAMODB = "ministack.services.dynamodb"
QUEUE_BATCHES = {f"{one}Batch": one for one in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}
EXPRESSIONS = ("ConditionExpression", "FilterExpression", "KeyConditionExpression", "UpdateExpression")
# What stands first in a path of attributes: no value, and nothing after a point.
NAMED = re.compile(r"(?<![\w.:#])#?[A-Za-z_]\w*")
WORDS = frozenset(
    "set remove add delete and or not in between size contains begins_with attribute_exists attribute_not_exists "
    "attribute_type if_not_exists list_append".split()
)
# An index is asked by its own key.
PARTITION = re.compile(r"\s*(#?\w+)\s*=\s*(:\w+)")
LOOK_EVERY_SECONDS = 0.02
PATIENCE_SECONDS = 30
EVENT_PATIENCE_SECONDS = 600
polling = threading.local()
# What threads are begun with.
is_event = contextvars.ContextVar("is_event", default=False)


def patient(execute):
    """Waits for room where a batch of a queue or an event is to run, and nowhere else."""

    def execute_function(*args):
        patience = EVENT_PATIENCE_SECONDS if is_event.get() else PATIENCE_SECONDS if getattr(polling, "batch", False) else 0
        until = time.monotonic() + patience
        result = execute(*args)
        while result.get("throttle") and time.monotonic() < until:
            time.sleep(LOOK_EVERY_SECONDS)
            result = execute(*args)
        return result

    return execute_function


def as_batch(run):
    def run_batch(*args):
        polling.batch = True
        try:
            run(*args)
        finally:
            polling.batch = False

    return run_batch


def as_event(begin):
    def begin_event(*args):
        before = is_event.set(True)
        try:
            begin(*args)
        finally:
            is_event.reset(before)

    return begin_event


def without_batches(name_action):
    def named(headers):
        action = name_action(headers)
        return QUEUE_BATCHES.get(action, action)

    return named


def with_account_settings(name_action):
    def named(method, path):
        return "GetAccountSettings" if "/account-settings" in path else name_action(method, path)

    return named


def as_json(body):
    try:
        asked = orjson.loads(body or b"{}")
    except (ValueError, TypeError):
        return {}
    return asked if isinstance(asked, dict) else {}


def attributes_named(asked):
    names = asked.get("ExpressionAttributeNames") or {}
    found = {name for part in ("Key", "Item") for name in asked.get(part) or {}}
    for expression in EXPRESSIONS:
        for name in NAMED.findall(asked.get(expression) or ""):
            if name.lower() not in WORDS:
                found.add(names.get(name, name))
    return found


def partitions_named(asked):
    values = asked.get("ExpressionAttributeValues") or {}
    tables = (asked.get("RequestItems") or {}).values()
    read = [key for table in tables if isinstance(table, dict) for key in table.get("Keys") or []]
    requests = [request for table in tables if isinstance(table, list) for request in table]
    written = [(request.get("PutRequest") or {}).get("Item") or (request.get("DeleteRequest") or {}).get("Key")
               for request in requests if isinstance(request, dict)]
    items = [asked.get("Key") or asked.get("Item"), *read, *written]
    found = [item["pk"] for item in items if item and "pk" in item]
    queried = PARTITION.match(asked.get("KeyConditionExpression") or "")
    if queried and queried.group(2) in values:
        found.append(values[queried.group(2)])
    return [text for value in found for text in value.values()]


def told_of(asked, before=()):
    attributes = sorted(attributes_named(asked).union(before))
    keys = {"dynamodb:Attributes": attributes, "dynamodb:LeadingKeys": partitions_named(asked)}
    return {key: values for key, values in keys.items() if values}


def with_keys(tell):
    def told(body):
        context = tell(body)
        return {**context, **told_of(as_json(body), context.get("dynamodb:Attributes", ()))}

    return told


class OfItem(str):
    """The table of one item of a transaction, and what that item tells of itself."""


def with_items(check):
    def checked(action, body, region, account):
        items = [item for item in as_json(body).get("TransactItems") or [] if isinstance(item, dict)]
        parts = [item.get(kind) for item in items for kind in ("ConditionCheck", "Put", "Update", "Delete", "Get")]
        parts = [part for part in parts if isinstance(part, dict) and part.get("TableName")]
        of_items = []
        for (one, table), part in zip(check(action, body, region, account), parts, strict=True):
            table = OfItem(table)
            table.context = told_of(part)
            of_items.append((one, table))
        return of_items

    return checked


def of_each_item(enforce):
    def enforced(key, action, service, region, resource_arn="*", service_context=None):
        context = {**(service_context or {}), **getattr(resource_arn, "context", {})}
        return enforce(key, action, service, region, resource_arn=resource_arn, service_context=context)

    return enforced


def with_small_letters(answer):
    def answered(pages, origin):
        return answer({name[0].lower() + name[1:]: value for name, value in (pages or {}).items()}, origin)

    return answered


def from_where_it_came(run):
    async def run_from_there(work, function, event, **options):
        from ministack.core.responses import get_request_client_ip

        event.get("requestContext", {}).get("http", {}).update(sourceIp=get_request_client_ip())
        return await run(work, function, event, **options)

    return run_from_there


def by_name(call, failure):
    """What a state machine is told where a function had no room: the emulator gives the answer, and not the error's name."""

    def called(*args):
        try:
            return call(*args)
        except failure as failed:
            if as_json(failed.cause).get("__type") == "TooManyRequestsException":
                raise failure("Lambda.TooManyRequestsException", failed.cause) from None
            raise

    return called


def change_lambda(module):
    module._execute_function = patient(module._execute_function)
    module._run_sqs_batch = as_batch(module._run_sqs_batch)
    module.invoke_async_with_retry = as_event(module.invoke_async_with_retry)


def change_iam_actions(module):
    module._action_from_target = without_batches(module._action_from_target)
    module._lambda_action = with_account_settings(module._lambda_action)
    module.dynamodb_service_context = with_keys(module.dynamodb_service_context)
    module.dynamodb_transaction_checks = with_items(module.dynamodb_transaction_checks)


def quickly(answer):
    def answered(data, status=200, **options):
        try:
            body = orjson.dumps(data)
        except TypeError:
            return answer(data, status, **options)
        status, headers, _ = answer({}, status, **options)
        return status, headers, body

    return answered


def change_responses(module):
    module.json_response = quickly(module.json_response)


def as_new(read):
    """Read once; each caller has a list of its own."""
    read_once = functools.lru_cache(maxsize=4096)(lambda text: tuple(read(text)))

    def read_anew(text):
        return list(read_once(text)) if isinstance(text, str) else read(text)

    return read_anew


def change_dynamodb(module):
    module._tokenize = as_new(module._tokenize)
    module._condition_syntax_error = functools.lru_cache(maxsize=4096)(module._condition_syntax_error)
    module._number_size_bytes = functools.lru_cache(maxsize=65536)(module._number_size_bytes)


def once(parse):
    """The text of a policy is parsed once, and not with every request that it is asked about."""
    parse_text = functools.lru_cache(maxsize=1024)(parse)

    def parsed(document):
        return parse_text(document) if isinstance(document, str) else parse(document)

    return parsed


def change_iam_evaluator(module):
    module.parse_policy_document = once(module.parse_policy_document)
    module.enforce = of_each_item(module.enforce)


def change_gateway(module):
    module._cors_preflight_response = with_small_letters(module._cors_preflight_response)
    module._cors_response_headers = with_small_letters(module._cors_response_headers)
    module.run_reentrant = from_where_it_came(module.run_reentrant)


def change_machines(module):
    module._call_lambda = by_name(module._call_lambda, module._ExecutionError)


async def served_in_c(app, config, **_options):
    """Serves one port. Signals stay the emulator's own: its program ends at one, and waits for no connection."""
    host, port = config.bind[0].rsplit(":", 1)
    if requests := os.environ.get("MONIQO_REQUESTS"):
        from recorded import watched

        app = watched(app, requests)
    told = uvicorn.Config(
        app,
        host=host,
        port=int(port),
        http="httptools",
        ws="none",
        lifespan="on",
        timeout_keep_alive=config.keep_alive_timeout,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
    server = uvicorn.Server(told)
    server.capture_signals = contextlib.nullcontext
    await server.serve()


def change_server(module):
    module.serve = served_in_c


class AfterImport(importlib.abc.MetaPathFinder):
    """Changes the emulator's modules when they are imported: they do not exist before."""

    changes = {
        LAMBDA: change_lambda,
        IAM_ACTIONS: change_iam_actions,
        IAM_EVALUATOR: change_iam_evaluator,
        GATEWAY: change_gateway,
        MACHINES: change_machines,
        RESPONSES: change_responses,
        DYNAMODB: change_dynamodb,
        SERVER: change_server,
    }

    def find_spec(self, name, path, target=None):
        change = self.changes.pop(name, None)
        if change is None:
            return None
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def load_and_change(module):
            load(module)
            change(module)

        spec.loader.exec_module = load_and_change
        return spec


sys.meta_path.insert(0, AfterImport())

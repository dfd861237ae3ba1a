"""Python imports this file by itself when the emulator starts (it stands on the emulator's PYTHONPATH).

The emulator's Lambda runtime server writes header and body of each answer apart, so each invocation waits
about 40 ms for a delayed acknowledgement. One buffered write without Nagle's algorithm ends that wait.

Where no room is left for a function, AWS's pollers try the same batch again; the emulator gives it back to its
queue at once, which hides it for a minute or two. Here it is tried again as well.

AWS allows a batch of messages by the right to one (`sqs:SendMessage` covers `SendMessageBatch`); the emulator asks
for a right that does not exist. Here it asks as AWS does.

AWS tells Lambda's account settings to whoever has the right to ask (`lambda:GetAccountSettings`); the emulator tells
everybody. Here it asks for the right.

CloudFormation writes which pages may ask an API with capital letters (`AllowOrigins`), the API itself with small ones;
the emulator keeps the first and reads the second. Here it reads both.
"""

import importlib.abc
import importlib.util
import socketserver
import sys
import threading
import time

socketserver.StreamRequestHandler.wbufsize = -1
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

LAMBDA = "ministack.services.lambda_svc"
IAM_ACTIONS = "ministack.core.iam_actions"
GATEWAY = "ministack.services.apigateway"
QUEUE_BATCHES = {f"{one}Batch": one for one in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}
LOOK_EVERY_SECONDS = 0.02
PATIENCE_SECONDS = 30
polling = threading.local()


def patient(execute):
    """Waits for room where a batch of a queue is to run, and nowhere else."""

    def execute_function(*args):
        until = time.monotonic() + PATIENCE_SECONDS
        result = execute(*args)
        while result.get("throttle") and getattr(polling, "batch", False) and time.monotonic() < until:
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


def without_batches(name_action):
    def named(headers):
        action = name_action(headers)
        return QUEUE_BATCHES.get(action, action)

    return named


def with_account_settings(name_action):
    def named(method, path):
        return "GetAccountSettings" if "/account-settings" in path else name_action(method, path)

    return named


def with_small_letters(answer):
    def answered(pages, origin):
        return answer({name[0].lower() + name[1:]: value for name, value in (pages or {}).items()}, origin)

    return answered


def change_lambda(module):
    module._execute_function = patient(module._execute_function)
    module._run_sqs_batch = as_batch(module._run_sqs_batch)


def change_iam_actions(module):
    module._action_from_target = without_batches(module._action_from_target)
    module._lambda_action = with_account_settings(module._lambda_action)


def change_gateway(module):
    module._cors_preflight_response = with_small_letters(module._cors_preflight_response)
    module._cors_response_headers = with_small_letters(module._cors_response_headers)


class AfterImport(importlib.abc.MetaPathFinder):
    """Changes the emulator's modules when they are imported: they do not exist before."""

    changes = {LAMBDA: change_lambda, IAM_ACTIONS: change_iam_actions, GATEWAY: change_gateway}

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

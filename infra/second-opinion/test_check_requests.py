"""Each check lets a good request pass, and tells of a bad one which operation it was and what is wrong.

    python -m unittest discover infra/second-opinion
"""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import check_requests  # noqa: E402

KEY = {"pk": {"S": "xx"}, "sk": {"S": "xa"}}
OTHER = {"pk": {"S": "xb"}, "sk": {"S": "xa"}}
TABLE = {"TableName": "moniqo-trading"}
ONE = {":one": {"N": "1"}}
FIFO = "xxxx://xxx/xxx/xxxxxx.fifo"
STANDARD = "xxxx://xxx/xxx/xxxxxx"
TARGET = {"Arn": "xxx", "RoleArn": "arn:aws:iam::000000000000:role/xxxxxx"}


def line(service, operation, params, **more):
    return json.dumps({
        "service": service, "operation": operation, "params": params, "shape": f"a shape of {operation}", "caller": "xx",
        "answer": {"status": 200, "error": ""}, "unread": [], **more,
    })


def checked(*lines, fewest=0):
    """How it ended, and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = check_requests.check(list(lines), fewest)
    return status, said.getvalue()


def update(text, values=None, names=None, **more):
    request = {**TABLE, "Key": KEY, "UpdateExpression": text, **more}
    if values:
        request["ExpressionAttributeValues"] = values
    if names:
        request["ExpressionAttributeNames"] = names
    return request


def put(condition=None, values=None, names=None, **more):
    request = {**TABLE, "Item": {**KEY, "n": {"N": "1"}}, **more}
    for member, value in (("ConditionExpression", condition), ("ExpressionAttributeValues", values),
                          ("ExpressionAttributeNames", names)):
        if value is not None:
            request[member] = value
    return request


def item(**attributes):
    return {**TABLE, "Item": {**KEY, **attributes}}


def query(text="pk = :pk", values=None, **more):
    return {**TABLE, "KeyConditionExpression": text, "ExpressionAttributeValues": values or {":pk": {"S": "xx"}}, **more}


def messages(count=1, queue=STANDARD, **more):
    entries = [{"Id": f"a{number}", "MessageBody": "x", **more} for number in range(count)]
    return {"QueueUrl": queue, "Entries": entries}


def fifo(**more):
    return {"QueueUrl": FIFO, "MessageBody": "x", "MessageGroupId": "xxx#x:xxx/xxxx", "MessageDeduplicationId": "x-x", **more}


def transaction(*keys, **more):
    return {"TransactItems": [{"Delete": {**TABLE, "Key": key, **more}} for key in keys]}


def rows(count):
    return [{"pk": {"S": "x"}, "sk": {"S": f"x{number}"}} for number in range(count)]


def nested(levels):
    value = {"N": "1"}
    for _ in range(levels - 1):
        value = {"M": {"x": value}}
    return value


def schedule(name="xxx-x", **more):
    return {"Name": name, "ScheduleExpression": "xxxx", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": TARGET, **more}


def many_names(count):
    return " AND ".join(f"attribute_exists(a{number})" for number in range(count))


# service, operation, what passes, what does not, and what is said of it
CASES = {
    # The service's model
    "unknown parameter": ("dynamodb", "GetItem", {**TABLE, "Key": KEY}, {**TABLE, "Key": KEY, "Keyy": {}}, "Unknown parameter"),
    "type": ("sqs", "SendMessage", {"QueueUrl": STANDARD, "MessageBody": "x", "DelaySeconds": 1},
             {"QueueUrl": STANDARD, "MessageBody": "x", "DelaySeconds": "1"}, "Invalid type for parameter DelaySeconds"),
    "required": ("dynamodb", "GetItem", {**TABLE, "Key": KEY}, TABLE, 'Missing required parameter in input: "Key"'),
    "enumeration": ("kms", "GenerateDataKey", {"KeyId": "x", "KeySpec": "AES_256"}, {"KeyId": "x", "KeySpec": "AES_512"},
                    "KeySpec: 'AES_512' is none of AES_128, AES_256"),
    "pattern": ("dynamodb", "Scan", {**TABLE, "IndexName": "by_user"}, {**TABLE, "IndexName": "by user"},
                "IndexName: 'by user' does not match [a-zA-Z0-9_.-]+"),
    "pattern, as the recorder saw it": (
        "dynamodb", "ListTables", {"ExclusiveStartTableName": {"$text": 200, "fits": True}},
        {"ExclusiveStartTableName": {"$text": 200, "fits": False}}, "does not match"),
    "least": ("dynamodb", "ListTables", {"Limit": 1}, {"Limit": 0}, "valid min value: 1"),
    "most": ("dynamodb", "ListTables", {"Limit": 100}, {"Limit": 101}, "Limit: 101 are more than 100"),
    "longest": ("kms", "Encrypt", {"KeyId": "x", "Plaintext": {"$bytes": 4096}}, {"KeyId": "x", "Plaintext": {"$bytes": 4097}},
                "Plaintext: 4097 bytes are more than 4096"),
    "base64": ("kms", "Decrypt", {"CiphertextBlob": {"$bytes": 9}}, {"CiphertextBlob": {"$bytes": 9, "fits": False}},
               "CiphertextBlob: not base64"),
    "time": ("events", "PutEvents", {"Entries": [{"Time": 1.5}]}, {"Entries": [{"Time": "2026-11-28T00:00:00Z"}]},
             "a time is a number here"),
    "operation": ("dynamodb", "ListTables", {}, None, "dynamodb has no operation of this name"),
    "text of a query": ("sns", "Publish", {"Message": "x", "TopicArn": "xx"}, {"TopicArn": "xx"}, "Missing required parameter"),
    "number of a query": ("cloudformation", "CreateStack", {"StackName": "xx", "TimeoutInMinutes": "5"},
                          {"StackName": "xx", "TimeoutInMinutes": "x"}, "Invalid type for parameter TimeoutInMinutes"),
    "document": ("lambda", "CreateAlias", {"FunctionName": "x", "Name": "live", "FunctionVersion": "1"},
                 {"FunctionName": "x", "Name": "live"}, "FunctionVersion"),
    # Expressions
    "syntax of an update": ("dynamodb", "UpdateItem", update("SET n = n + :one", ONE), update("SET n + :one", ONE),
                            "UpdateExpression: moto's parser refuses it"),
    "syntax of a condition": ("dynamodb", "PutItem", put("n = :one", ONE), put("n = :one AND", ONE),
                              "ConditionExpression: moto's parser refuses it"),
    "syntax of a filter": ("dynamodb", "Scan", {**TABLE, "FilterExpression": "attribute_exists(n)"},
                           {**TABLE, "FilterExpression": "attribute_exists n"}, "FilterExpression: moto's parser refuses it"),
    "syntax of a projection": ("dynamodb", "GetItem", {**TABLE, "Key": KEY, "ProjectionExpression": "a.b[0].c, d"},
                               {**TABLE, "Key": KEY, "ProjectionExpression": "a, , d"}, "it is no list of paths"),
    "condition on keys": ("dynamodb", "Query", query("pk = :pk AND begins_with(sk, :b)",
                                                     {":pk": {"S": "x"}, ":b": {"S": "x"}}),
                          query("pk = :pk OR sk = :pk"), "is no condition on keys"),
    "no partition": ("dynamodb", "Query", query("(pk = :pk)"), query("pk > :pk"), "no partition is named by ="),
    "no condition on keys": ("dynamodb", "Query", query(), TABLE, "a query names a partition"),
    "empty expression": ("dynamodb", "PutItem", put("n = :one", ONE), put(""), "ConditionExpression: it is empty"),
    "name undefined": ("dynamodb", "PutItem", put("#n = :one", ONE, {"#n": "n"}), put("#n = :one", ONE),
                       "#n is used and not defined"),
    "name unused": ("dynamodb", "PutItem", put("#n = :one", ONE, {"#n": "n"}), put("n = :one", ONE, {"#n": "n"}),
                    "#n is defined and not used"),
    "value undefined": ("dynamodb", "PutItem", put("n = :one", ONE), put("n = :one"), ":one is used and not defined"),
    "value unused": ("dynamodb", "PutItem", put("n = :one", ONE), put("attribute_exists(n)", ONE),
                     ":one is defined and not used"),
    "names without an expression": ("dynamodb", "PutItem", put(), put(names={"#n": "n"}), "there is no expression"),
    "no names": ("dynamodb", "PutItem", put("attribute_exists(n)"), put("attribute_exists(n)", names={}), "it is empty"),
    "placeholder": ("dynamodb", "PutItem", put("#n_1 = :one", ONE, {"#n_1": "n"}), put("n = :one", ONE, {"n": "n"}),
                    "n is no placeholder"),
    "longest placeholder": ("dynamodb", "PutItem", put(f"#{'n' * 254} = :one", ONE, {"#" + "n" * 254: "n"}),
                            put(f"#{'n' * 255} = :one", ONE, {"#" + "n" * 255: "n"}), "is longer than 255 bytes"),
    "reserved word": ("dynamodb", "UpdateItem", update("SET #s = :one", ONE, {"#s": "status"}), update("SET status = :one", ONE),
                      "status is a reserved word"),
    "reserved word inside": ("dynamodb", "PutItem", put("halted.#at = :one", ONE, {"#at": "at"}), put("halted.at = :one", ONE),
                             "at is a reserved word"),
    "arithmetic": ("dynamodb", "PutItem", put("n <= :one", ONE), put("n + :one <= :one", ONE), "arithmetic (+)"),
    "subtraction": ("dynamodb", "PutItem", put("n <= :one", ONE), put("n-:one <= :one", ONE), "arithmetic (-)"),
    "literal": ("dynamodb", "PutItem", put("n <= :one", ONE), put("n <= 5"), "5 is a value by itself"),
    "foreign sign": ("dynamodb", "PutItem", put("n <= :one", ONE), put("n == 'x'"), "stands in no expression"),
    "foreign function": ("dynamodb", "UpdateItem", update("SET n = if_not_exists(n, :one)", ONE),
                         update("SET n = size(n)"), "size is no function of a UpdateExpression"),
    "index": ("dynamodb", "PutItem", put("l[12].a = :one", ONE), put("l[12.a = :one", ONE), "12 is a value by itself"),
    "clause twice": ("dynamodb", "UpdateItem", update("SET a = :one REMOVE b", ONE), update("SET a = :one SET b = :one", ONE),
                     "can only be used once"),
    "deletions twice": ("dynamodb", "UpdateItem", update("DELETE a :one, b :one", {":one": {"SS": ["x"]}}),
                        update("DELETE a :one DELETE b :one", {":one": {"SS": ["x"]}}), "DELETE stands in it more than once"),
    "the same path": ("dynamodb", "UpdateItem", update("SET a.b = :one REMOVE a.c", ONE), update("SET a = :one REMOVE a", ONE),
                      "the paths a and a overlap"),
    "a path within": ("dynamodb", "UpdateItem", update("SET a.b = :one, #a.c = :one", ONE, {"#a": "a"}),
                      update("SET a.b = :one, #a = :one", ONE, {"#a": "a"}), "the paths a.b and a overlap"),
    "projected twice": ("dynamodb", "GetItem", {**TABLE, "Key": KEY, "ProjectionExpression": "a.b, a.c"},
                        {**TABLE, "Key": KEY, "ProjectionExpression": "a, a.c"}, "the paths a and a.c overlap"),
    "key updated": ("dynamodb", "UpdateItem", update("SET a = :one", ONE), update("SET sk = :one", ONE), "sk is part of the key"),
    "longest expression": ("dynamodb", "PutItem", put(f"attribute_exists({'a' * 4078})"),
                           put(f"attribute_exists({'a' * 4079})"), "4097 bytes are more than 4096"),
    "operators": ("dynamodb", "PutItem", put(many_names(150)), put(many_names(151)),
                  "301 operators and functions are more than 300"),
    "operands": ("dynamodb", "PutItem", put(f"n IN ({', '.join([':one'] * 100)})", ONE),
                 put(f"n IN ({', '.join([':one'] * 101)})", ONE), "IN has 101 operands"),
    "key filtered": ("dynamodb", "Query", query(FilterExpression="attribute_exists(a)"),
                     query(FilterExpression="attribute_exists(pk)"), "pk is a key"),
    "old ways": ("dynamodb", "GetItem", {**TABLE, "Key": KEY, "AttributesToGet": ["a"]},
                 {**TABLE, "Key": KEY, "AttributesToGet": ["a"], "ProjectionExpression": "a"}, "an old way and an expression"),
    # Items
    "one type": ("dynamodb", "PutItem", item(a={"S": "x"}), item(a={"S": "x", "N": "1"}), "a value has one type"),
    "empty set": ("dynamodb", "PutItem", item(a={"SS": ["x"]}), item(a={"SS": []}), "an empty set"),
    "doubled set": ("dynamodb", "PutItem", item(a={"SS": ["x", "a"]}), item(a={"SS": ["x", "x"]}), "holds a value twice"),
    "number": ("dynamodb", "PutItem", item(a={"N": "-1.5e3"}), item(a={"N": "xx"}), "Item.a: no number"),
    "digits": ("dynamodb", "PutItem", item(a={"N": "1" * 38}), item(a={"N": "1" * 39}), "more than 38 digits"),
    "depth": ("dynamodb", "PutItem", item(a=nested(32)), item(a=nested(33)), "more than 32 levels deep"),
    "empty key": ("dynamodb", "GetItem", {**TABLE, "Key": KEY}, {**TABLE, "Key": {**KEY, "sk": {"S": ""}}},
                  "Key.sk: an empty key"),
    "key's type": ("dynamodb", "GetItem", {**TABLE, "Key": {**KEY, "sk": {"N": "1"}}},
                   {**TABLE, "Key": {**KEY, "sk": {"BOOL": True}}}, "a key of the type BOOL"),
    "longest partition": ("dynamodb", "GetItem", {**TABLE, "Key": {**KEY, "pk": {"S": {"$text": 2048}}}},
                          {**TABLE, "Key": {**KEY, "pk": {"S": {"$text": 2049}}}}, "are more than a key's 2048"),
    "longest sort key": ("dynamodb", "GetItem", {**TABLE, "Key": {**KEY, "sk": {"S": {"$text": 1024}}}},
                         {**TABLE, "Key": {**KEY, "sk": {"S": {"$text": 512, "bytes": 1025}}}}, "are more than a key's 1024"),
    "no key": ("dynamodb", "PutItem", item(), {**TABLE, "Item": {"sk": {"S": "x"}}}, "no pk, which is a key"),
    "largest item": ("dynamodb", "PutItem", item(a={"S": {"$text": 409_000}}), item(a={"S": {"$text": 409_600}}),
                     "are more than 409600"),
    "what is returned": ("dynamodb", "PutItem", put(ReturnValues="ALL_OLD"), put(ReturnValues="ALL_NEW"),
                         "PutItem knows no ALL_NEW"),
    # Reads
    "consistent index": ("dynamodb", "Query", query(ConsistentRead=True), query(ConsistentRead=True, IndexName="by_user"),
                         "a global secondary index is not read consistently"),
    "limit": ("dynamodb", "Query", query(Limit=1), query(Limit=0), "valid min value: 1"),
    "select with a projection": (
        "dynamodb", "Query", query(Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="a"),
        query(Select="COUNT", ProjectionExpression="a"), "COUNT does not go with a ProjectionExpression"),
    "select without a projection": ("dynamodb", "Query", query(Select="COUNT"), query(Select="SPECIFIC_ATTRIBUTES"),
                                    "needs a ProjectionExpression"),
    "select of an index": ("dynamodb", "Query", query(Select="ALL_PROJECTED_ATTRIBUTES", IndexName="by_user"),
                           query(Select="ALL_PROJECTED_ATTRIBUTES"), "needs an index"),
    # Batches and transactions
    "puts": ("dynamodb", "BatchWriteItem", {"RequestItems": {"moniqo-a": [{"PutRequest": {"Item": row}} for row in rows(25)]}},
             {"RequestItems": {"moniqo-a": [{"PutRequest": {"Item": row}} for row in rows(26)]}}, "26 items are more than 25"),
    "puts in two tables": (
        "dynamodb", "BatchWriteItem", {"RequestItems": {f"moniqo-{table}": [{"PutRequest": {"Item": row}} for row in rows(12)]
                                                        for table in "ab"}},
        {"RequestItems": {f"moniqo-{table}": [{"PutRequest": {"Item": row}} for row in rows(13)] for table in "ab"}},
        "26 items are more than 25"),
    "one put": ("dynamodb", "BatchWriteItem", {"RequestItems": {"moniqo-a": [{"DeleteRequest": {"Key": KEY}}]}},
                {"RequestItems": {"moniqo-a": [{"DeleteRequest": {"Key": KEY}, "PutRequest": {"Item": OTHER}}]}},
                "an entry is one put or one deletion"),
    "put twice": ("dynamodb", "BatchWriteItem",
                  {"RequestItems": {"moniqo-a": [{"PutRequest": {"Item": row}} for row in (KEY, OTHER)]}},
                  {"RequestItems": {"moniqo-a": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": KEY}}]}},
                  "the same item more than once"),
    "gets": ("dynamodb", "BatchGetItem", {"RequestItems": {"moniqo-a": {"Keys": rows(100)}}},
             {"RequestItems": {"moniqo-a": {"Keys": rows(101)}}}, "101 items are more than 100"),
    "got twice": ("dynamodb", "BatchGetItem", {"RequestItems": {"moniqo-a": {"Keys": [KEY, OTHER]}}},
                  {"RequestItems": {"moniqo-a": {"Keys": [KEY, KEY]}}}, "the same item more than once"),
    "transaction's items": ("dynamodb", "TransactWriteItems", transaction(*rows(100)), transaction(*rows(101)),
                            "TransactItems: 101 entries are more than 100"),
    "transaction's key": ("dynamodb", "TransactWriteItems", transaction(KEY, OTHER), transaction(KEY, KEY),
                          "the same item more than once"),
    "transaction's expression": (
        "dynamodb", "TransactWriteItems", transaction(KEY, ConditionExpression="attribute_exists(n)"),
        transaction(KEY, ConditionExpression="n + n < n"), "TransactItems[0].Delete.ConditionExpression: arithmetic"),
    "one action": ("dynamodb", "TransactWriteItems", transaction(KEY), {"TransactItems": [{}]}, "one action each"),
    "transaction's size": (
        "dynamodb", "TransactWriteItems",
        {"TransactItems": [{"Put": {**TABLE, "Item": {**row, "a": {"S": {"$text": 400_000}}}}} for row in rows(10)]},
        {"TransactItems": [{"Put": {**TABLE, "Item": {**row, "a": {"S": {"$text": 400_000}}}}} for row in rows(11)]},
        "are more than 4194304"),
    # Queues
    "entries": ("sqs", "SendMessageBatch", messages(10), messages(11), "Entries: 11 are not within 1 to 10"),
    "entry's name": ("sqs", "SendMessageBatch", messages(Id="a_-1"), messages(Id="a b"), "Entries[0].Id: 'a b' is not"),
    "longest name": ("sqs", "SendMessageBatch", messages(Id="a" * 80), messages(Id="a" * 81), "Entries[0].Id"),
    "doubled name": ("sqs", "SendMessageBatch", messages(2), messages(2, Id="a"), "an Id stands there more than once"),
    "group": ("sqs", "SendMessage", fifo(), fifo(MessageGroupId="a b"), "MessageGroupId: 'a b' is not"),
    "longest group": ("sqs", "SendMessage", fifo(MessageGroupId="a" * 128), fifo(MessageGroupId="a" * 129), "MessageGroupId"),
    "deduplication": ("sqs", "SendMessage", fifo(), fifo(MessageDeduplicationId="é"), "MessageDeduplicationId: 'é' is not"),
    "no group": ("sqs", "SendMessage", fifo(), {"QueueUrl": FIFO, "MessageBody": "x"}, "a FIFO queue wants one"),
    "body": ("sqs", "SendMessage", fifo(MessageBody={"$text": 1_048_576}), fifo(MessageBody={"$text": 1_048_577}),
             "1048577 bytes are not within 1 to 1048576"),
    "empty body": ("sqs", "SendMessage", fifo(), fifo(MessageBody=""), "0 bytes are not within 1"),
    "bodies together": ("sqs", "SendMessageBatch", messages(2, MessageBody={"$text": 524_288}),
                        messages(2, MessageBody={"$text": 524_289}), "1048578 bytes together"),
    "delay": ("sqs", "SendMessageBatch", messages(DelaySeconds=900), messages(DelaySeconds=901),
              "Entries[0].DelaySeconds: 901 is not within 0 to 900"),
    "delay of a FIFO queue": ("sqs", "SendMessage", fifo(), fifo(DelaySeconds=1), "a FIFO queue delays no single message"),
    "receipt": ("sqs", "DeleteMessage", {"QueueUrl": FIFO, "ReceiptHandle": "x"}, {"QueueUrl": FIFO, "ReceiptHandle": ""},
                "ReceiptHandle: there is none"),
    "receipt of a batch": (
        "sqs", "DeleteMessageBatch", {"QueueUrl": FIFO, "Entries": [{"Id": "a", "ReceiptHandle": "x"}]},
        {"QueueUrl": FIFO, "Entries": [{"Id": "a", "ReceiptHandle": ""}]}, "Entries[0].ReceiptHandle: there is none"),
    "hidden": ("sqs", "ChangeMessageVisibility", {"QueueUrl": FIFO, "ReceiptHandle": "x", "VisibilityTimeout": 43_200},
               {"QueueUrl": FIFO, "ReceiptHandle": "x", "VisibilityTimeout": 43_201}, "is not within 0 to 43200"),
    "received": ("sqs", "ReceiveMessage", {"QueueUrl": FIFO, "MaxNumberOfMessages": 10},
                 {"QueueUrl": FIFO, "MaxNumberOfMessages": 11}, "MaxNumberOfMessages: 11 is not within 1 to 10"),
    # Keys, events, schedules
    "context": ("kms", "Encrypt", {"KeyId": "x", "Plaintext": {"$bytes": 1}, "EncryptionContext": {"x": "x"}},
                {"KeyId": "x", "Plaintext": {"$bytes": 1}, "EncryptionContext": {"x": 1}}, "EncryptionContext"),
    "data key": ("kms", "GenerateDataKey", {"KeyId": "x", "NumberOfBytes": 32}, {"KeyId": "x"}, "either it or NumberOfBytes"),
    "events": ("events", "PutEvents", {"Entries": [{"Source": "x"}] * 10}, {"Entries": [{"Source": "x"}] * 11},
               "Entries: 11 entries are more than 10"),
    "events together": ("events", "PutEvents", {"Entries": [{"Detail": {"$text": 1_048_575}}]},
                        {"Entries": [{"Detail": {"$text": 1_048_576}}]}, "1048576 bytes together"),
    "schedule": ("scheduler", "CreateSchedule", schedule(), schedule("a b"), "Name: 'a b' does not match"),
    "longest schedule": ("scheduler", "CreateSchedule", schedule("a" * 64), schedule("a" * 65),
                         "Name: 65 characters are more than 64"),
}


class Checks(unittest.TestCase):
    def test_a_good_request_passes(self):
        for name, (service, operation, good, _, _) in CASES.items():
            with self.subTest(name):
                status, said = checked(line(service, operation, good))
                self.assertEqual(status, 0, said)

    def test_a_bad_request_is_told_with_its_operation_and_the_reason(self):
        for name, (service, operation, _, bad, reason) in CASES.items():
            with self.subTest(name):
                operation = operation if bad is not None else f"{operation}z"
                status, said = checked(line(service, operation, bad or {}))
                self.assertEqual(status, 1, said)
                self.assertIn(f"\n{service}.{operation} (", said)
                self.assertIn(reason, said)
                self.assertIn(f"shape: a shape of {operation}", said)

    def test_of_one_place_it_is_told_once_what_is_wrong(self):
        _, said = checked(line("kms", "Encrypt", {"KeyId": "x", "Plaintext": {"$bytes": 4097}}))
        self.assertEqual(said.count("Plaintext:"), 1, said)

    def test_own_bounds_hold_without_the_model(self):
        """What the model says as well is not left to it."""
        for service, operation, bad in (
            ("kms", "Encrypt", {"Plaintext": b"x" * 4097}), ("events", "PutEvents", {"Entries": [{}] * 11}),
            ("scheduler", "CreateSchedule", {"Name": "a b"}), ("dynamodb", "TransactWriteItems", transaction(*rows(101))),
        ):
            with self.subTest(operation):
                shape = check_requests.Shape(service, operation, bad)
                found = check_requests.BY_SERVICE[service](shape, check_requests.Tables())
                self.assertTrue(found)


class Tables(unittest.TestCase):
    CREATED = {
        **TABLE, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "LocalSecondaryIndexes": [{"IndexName": "near", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                                   "Projection": {"ProjectionType": "ALL"}}],
        "GlobalSecondaryIndexes": [{"IndexName": "far", "KeySchema": [{"AttributeName": "far_id", "KeyType": "HASH"}],
                                    "Projection": {"ProjectionType": "ALL"}}],
    }

    def told(self, operation, params):
        return checked(line("dynamodb", "CreateTable", self.CREATED), line("dynamodb", operation, params))

    def test_a_table_that_was_made_has_its_own_keys(self):
        self.assertEqual(self.told("PutItem", {**TABLE, "Item": {"id": {"S": "x"}}})[0], 0)
        self.assertIn("no id, which is a key", self.told("PutItem", {**TABLE, "Item": KEY})[1])

    def test_an_index_has_no_empty_keys_either(self):
        good = {"id": {"S": "x"}, "far_id": {"S": "x"}}
        self.assertEqual(self.told("PutItem", {**TABLE, "Item": good})[0], 0)
        status, said = self.told("PutItem", {**TABLE, "Item": {**good, "far_id": {"S": ""}}})
        self.assertEqual(status, 1)
        self.assertIn("Item.far_id: an empty key", said)

    def test_a_local_index_is_read_consistently(self):
        self.assertEqual(self.told("Scan", {**TABLE, "IndexName": "near", "ConsistentRead": True})[0], 0)
        self.assertEqual(self.told("Scan", {**TABLE, "IndexName": "far", "ConsistentRead": True})[0], 1)


class Files(unittest.TestCase):
    BAD = line("dynamodb", "PutItem", put("n + n < n"))
    GOOD = line("dynamodb", "ListTables", {})

    def ended(self, text):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            file = Path(folder) / "requests.jsonl"
            if text is not None:
                file.write_text(text, encoding="utf-8")
            return check_requests.main([str(file)]), said.getvalue()

    def test_a_file_of_good_requests_passes(self):
        status, said = self.ended(f"{self.GOOD}\n")
        self.assertEqual(status, 0)
        self.assertIn("1 shapes of 1 operations, 0 faults", said)

    def test_nothing_recorded_is_no_success(self):
        for text in (None, "", "\n", '{"skipped": "ec2"}\n', '{"failed": "KeyError"}\n'):
            with self.subTest(text):
                self.assertEqual(self.ended(text)[0], 2)

    def test_without_a_file_it_tells_how_it_is_used(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(check_requests.main([]), 2)
        self.assertIn("check_requests.py FILE", said.getvalue())

    def test_a_failure_of_the_recorder_is_a_fault(self):
        status, said = checked(self.GOOD, '{"failed": "KeyError in of, line 9", "service": "sqs"}')
        self.assertEqual(status, 1)
        self.assertIn("KeyError in of, line 9", said)

    def test_what_no_recorder_writes_is_a_fault(self):
        for broken in ("{", "[]", '{"service": "sqs"}', '{"service": "sqs", "operation": "x"}'):
            with self.subTest(broken):
                status, said = checked(self.GOOD, broken)
                self.assertEqual(status, 1)
                self.assertIn("line 2", said)

    def test_what_several_emulators_recorded_counts_once(self):
        _, said = checked(self.BAD, self.GOOD, self.BAD)
        self.assertIn("2 shapes of 2 operations, 1 faults", said)

    def test_fewer_shapes_than_there_must_be_are_told(self):
        for fewest, ends in ((1, 0), (2, 2)):
            status, said = checked(self.GOOD, self.GOOD, fewest=fewest)
            self.assertEqual((status, "no longer recorded" in said), (ends, ends == 2))

    def test_what_the_emulator_refused_by_itself_is_told_and_not_counted(self):
        for status, error in ((400, "ValidationException"), (400, "AccessDeniedException"), (403, "")):
            refused = line("dynamodb", "PutItem", put("n + n < n"), answer={"status": status, "error": error})
            ended, said = checked(refused)
            self.assertEqual(ended, 0, said)
            self.assertIn("refused by the emulator as well", said)
            self.assertIn("arithmetic", said)

    def test_what_was_refused_for_another_reason_counts(self):
        for error in ("ConditionalCheckFailedException", "TransactionCanceledException", "ResourceNotFoundException"):
            refused = line("dynamodb", "PutItem", put("n + n < n"), answer={"status": 400, "error": error})
            self.assertEqual(checked(refused)[0], 1)

    def test_what_was_not_read_is_named(self):
        params = {"Bucket": "xxxx"}
        status, said = checked(
            line("s3", "DeleteObjects", params, unread=["a body of XML"]), '{"skipped": "ec2"}',
            line("cloudwatch", "PutMetricData", {}, unread=["a body of CBOR"]),
        )
        self.assertEqual(status, 0, said)
        self.assertIn("ec2: not read", said)
        self.assertIn("s3.DeleteObjects: a body of XML", said)
        self.assertIn("cloudwatch.PutMetricData: a body of CBOR", said)

    def test_what_no_model_knows_is_a_fault(self):
        for unread in ("no operation of the model has this path", "a body that is no JSON"):
            status, said = checked(line("lambda", "GET /x", {}, unread=[unread]))
            self.assertEqual(status, 1)
            self.assertIn(f"- {unread}", said)

    def test_a_pattern_that_python_cannot_read_is_named(self):
        tags = [{"Key": "x", "Value": "x"}]
        role = {"RoleName": "x", "AssumeRolePolicyDocument": "x", "Tags": tags}
        status, said = checked(line("iam", "CreateRole", role))
        self.assertEqual(status, 0, said)
        self.assertIn("Python cannot read it", said)


if __name__ == "__main__":
    unittest.main()

"""The provider's own client (infobip-api-python-client) as a judge of JSON: which operations of the Calls API it knows, and
what of a request or an answer its models keep.

The client has no table of its operations, so they are read from its source, which is generated and regular.
"""

import datetime
import inspect
import json
import re
import urllib.parse
from dataclasses import dataclass

import infobip_api_client
import pydantic
from infobip_api_client.api.calls_api import CallsApi

# Each operation has two twins that do the same with other results.
TWINS = ("_with_http_info", "_without_preload_content")


@dataclass(frozen=True)
class Operation:
    """One operation of the client. body: the model of the request's body, or None. queries: the types of the query's parameters."""

    name: str
    method: str
    path: str
    body: type
    queries: dict

    def matches(self, method, path):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(pattern, path) is not None


def _read(name, function):
    source = inspect.getsource(getattr(CallsApi, f"_{name}_serialize"))
    bodies = [body for body in re.findall(r"_body_params = (\w+)\n", source) if body != "None"]
    types = {name: parameter.annotation for name, parameter in inspect.signature(function).parameters.items()}
    return Operation(
        name=name,
        method=re.search(r'method="(\w+)"', source).group(1),
        path=re.search(r'resource_path="([^"]+)"', source).group(1),
        body=types[bodies[0]] if bodies else None,
        queries={query: types[name] for query, name in re.findall(r'_query_params\.append\(\s*\(\s*"(\w+)",\s*(\w+)', source)},
    )


def operations():
    """All operations of the Calls API that the client knows, by name."""
    functions = inspect.getmembers(CallsApi, inspect.isfunction)
    return {name: _read(name, function) for name, function in functions if name[0] != "_" and not name.endswith(TWINS)}


def find(method, path):
    """The operation of a request. What has a fixed last part ("history") comes before what has a parameter there."""
    found = [operation for operation in operations().values() if operation.matches(method, path)]
    return min(found, key=lambda operation: operation.path.count("{"), default=None)


def differences(given, kept, where="the body"):
    """What the JSON has that its model does not keep as it is; a line of text for each."""
    if isinstance(given, dict):
        if not isinstance(kept, dict):
            return [f"{where}: an object became {kept!r}"]
        return [line for name, value in given.items() if value is not None
                for line in (differences(value, kept[name], f"{where}.{name}") if name in kept
                             else [f"{where}: the client does not know the field {name}"])]
    if isinstance(given, list):
        if not isinstance(kept, list) or len(kept) != len(given):
            return [f"{where}: {len(given)} elements became {kept!r}"]
        return [line for index, pair in enumerate(zip(given, kept)) for line in differences(*pair, f"{where}[{index}]")]
    if isinstance(kept, datetime.datetime):
        same = datetime.datetime.fromisoformat(given) == kept
    else:
        same = given == getattr(kept, "value", kept)
    return [] if same else [f"{where}: {given!r} became {kept!r}"]


def judge_answer(raw, model):
    """What the client loses of an answer that it has parsed."""
    return differences(json.loads(raw), model.to_dict())


def judge_request(method, target, body):
    """What the client has against a request: an unknown operation, parameter or field, a missing or a wrong value."""
    parts = urllib.parse.urlsplit(target)
    operation = find(method, parts.path)
    if operation is None:
        return ["the client knows no such operation"]
    findings = []
    try:
        for name, value in urllib.parse.parse_qsl(parts.query):
            if name in operation.queries:
                pydantic.TypeAdapter(operation.queries[name]).validate_strings(value)
            else:
                findings.append(f"the client knows no parameter {name}")
        if operation.body is None:
            return findings + (["the client sends no body"] if body else [])
        # The client leaves out a body only where it may; an empty one says the same.
        given = json.loads(body or "{}")
        return findings + differences(given, operation.body.from_dict(given).to_dict())
    except ValueError as error:  # pydantic's ValidationError is one
        return findings + [str(error)]


def client_for(address, api_key):
    """The client as its users make it, for a provider at http://ADDRESS."""
    configuration = infobip_api_client.Configuration(host=f"http://{address}", api_key=api_key)
    return CallsApi(infobip_api_client.ApiClient(configuration))

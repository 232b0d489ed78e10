"""A path's parameter that its endpoint does not name is asked for in the query, and each call refused."""

import ast
import re

import pytest

from tests.house.sources import CHECKOUT

VERBS = {"get", "post", "put", "patch", "delete"}


def endpoints() -> list[tuple[str, set[str], set[str]]]:
    """Each endpoint with a path written at it: where, the path's parameters, the function's."""
    routes: list[tuple[str, set[str], set[str]]] = []
    for path in sorted((CHECKOUT / "services").rglob("inbound/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
                routes += [
                    (f"{path.stem}:{node.name}", set(re.findall(r"{(\w+)", url)), names)
                    for url in _urls(node.decorator_list)
                ]
    return routes


def _urls(decorators: list[ast.expr]) -> list[str]:
    calls = [each for each in decorators if isinstance(each, ast.Call) and each.args]
    first = [
        call.args[0] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in VERBS
    ]
    return [url.value for url in first if isinstance(url, ast.Constant) and isinstance(url.value, str)]


ENDPOINTS = endpoints()


@pytest.mark.parametrize(("where", "in_path", "names"), ENDPOINTS, ids=[each[0] for each in ENDPOINTS])
def test_each_parameter_of_a_path_is_one_of_its_endpoint(
    where: str, in_path: set[str], names: set[str]
) -> None:
    assert in_path <= names, where

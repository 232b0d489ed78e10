"""What a piece of work passes on its way, read from the source: a static call graph from an entry function.

A function passes every function and class that it names, be it to call it or to hand it on. Names are
resolved through imports, `self`, base classes and, on request, the types of parameters. A method called on
any other value is followed only where a single class of the tree has a method of that name. Functions inside
a function belong to it; properties are not followed. So the figures are an estimate: an upper bound along
branches, and too low where many classes share a method's name.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.house.sources import SourceFile, SourceTree

SCOPE = ("services", "shared")
DEFAULT_ENTRY = "record_replies"
RE_EXPORTS = 8
"""How many modules in a row may hand an imported name on."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Stop:
    """A function, a class, or a method as `Class.method`, by the module that defines it."""

    module: str
    name: str


@dataclass(frozen=True)
class Reach:
    """How much an entry passes, itself included."""

    entry: Stop
    files: int
    """Modules that define what is passed, classes included."""
    functions: int
    """Functions and methods; classes do not count."""
    depth: int
    """Calls on the shortest way to the function that is farthest."""


@dataclass
class _Class:
    methods: dict[str, FunctionNode] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)


@dataclass
class _Module:
    functions: dict[str, FunctionNode] = field(default_factory=dict)
    classes: dict[str, _Class] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Local name to the module it comes from, and the name there unless it is the module itself."""


@dataclass(frozen=True)
class _Imported:
    module: str


Target = Stop | _Imported | None
"""What a name means: a function or class, a module, or nothing of ours."""


class CallGraph:
    """The functions and classes of `services` and `shared`, and who calls whom."""

    def __init__(self, tree: SourceTree, *, with_types: bool = True) -> None:
        self._with_types = with_types
        self._modules = {file.module: _index(file) for file in tree.of_type(".py", *SCOPE)}
        self._methods: dict[str, list[Stop]] = {}
        for module_name, module in self._modules.items():
            for class_name, definition in module.classes.items():
                for method in definition.methods:
                    self._methods.setdefault(method, []).append(Stop(module_name, f"{class_name}.{method}"))

    def find_entry(self, name: str = DEFAULT_ENTRY) -> Stop:
        """The function of this name, or of `module:name`; where the default is gone, the handler of replies.

        Raises `LookupError` if there is none, or more than one.
        """
        module_name, _, function_name = name.rpartition(":")
        named = self._functions(function_name, module_name)
        if not named and name == DEFAULT_ENTRY:
            named = self._handlers_of_replies()
        if len(named) != 1:
            raise LookupError(f"{len(named)} functions fit the entry {name!r}: {named}")
        return named[0]

    def reach(self, entry: Stop) -> Reach:
        """Everything that is called from the entry, directly or not."""
        depths = {entry: 0}
        waiting = [entry]
        for stop in waiting:
            for target in sorted(self._targets(stop), key=str):
                if target not in depths:
                    depths[target] = depths[stop] + 1
                    waiting.append(target)
        return Reach(
            entry=entry,
            files=len({stop.module for stop in depths}),
            functions=len([stop for stop in depths if not self._is_class(stop)]),
            depth=max(depths.values()),
        )

    def _functions(self, name: str, module_name: str) -> list[Stop]:
        return [
            Stop(candidate, name)
            for candidate, module in self._modules.items()
            if name in module.functions and module_name in ("", candidate)
        ]

    def _handlers_of_replies(self) -> list[Stop]:
        """Use cases of routing with a parameter that is a batch of a class from the agencies' events."""
        return [
            Stop(module_name, function_name)
            for module_name, module in self._modules.items()
            if module_name.startswith("services.routing.usecases")
            for function_name, function in module.functions.items()
            if not function_name.startswith("_")
            if any(self._is_batch_of_replies(module_name, node) for node in _annotations(function))
        ]

    def _is_batch_of_replies(self, module_name: str, annotation: ast.expr) -> bool:
        if not isinstance(annotation, ast.Subscript):
            return False
        for node in ast.walk(annotation.slice):
            if isinstance(node, ast.Name):
                target = self._resolve(module_name, node.id)
                if isinstance(target, Stop) and target.module.startswith("shared.events.agency"):
                    return True
        return False

    def _targets(self, stop: Stop) -> Iterator[Stop]:
        function = self._function(stop)
        if function is None:
            return
        local_names = _local_names(function)
        types = self._types_of_parameters(stop, function)
        for node in ast.walk(function):
            match node:
                case ast.Name(id=name, ctx=ast.Load()) if name not in local_names:
                    yield from self._named(self._resolve(stop.module, name))
                case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner not in local_names:
                    yield from self._of_module(self._resolve(stop.module, owner), name)
                case ast.Call(func=ast.Attribute(value=owner, attr=name)):
                    yield from self._methods_called(self._owner(stop, owner, local_names, types), name)

    def _function(self, stop: Stop) -> FunctionNode | None:
        module = self._modules[stop.module]
        class_name, _, method_name = stop.name.rpartition(".")
        if class_name:
            return module.classes[class_name].methods[method_name]
        return module.functions.get(stop.name)

    def _types_of_parameters(self, stop: Stop, function: FunctionNode) -> dict[str, Target]:
        """What the annotations of parameters name; of `Batch[Reply]` it is `Batch`."""
        types: dict[str, Target] = {}
        if self._with_types:
            for node in ast.walk(function):
                match node:
                    case (
                        ast.arg(arg=parameter, annotation=ast.Name(id=name))
                        | ast.arg(arg=parameter, annotation=ast.Subscript(value=ast.Name(id=name)))
                    ):
                        types[parameter] = self._resolve(stop.module, name)
        return types

    def _owner(
        self, stop: Stop, owner: ast.expr, local_names: Collection[str], types: Mapping[str, Target]
    ) -> Target:
        """The class or the module that a method is called on, where the source says it."""
        if not isinstance(owner, ast.Name):
            return None
        class_name = stop.name.rpartition(".")[0]
        if class_name and owner.id in ("self", "cls"):
            return Stop(stop.module, class_name)
        if owner.id in local_names:
            return types.get(owner.id)
        return self._resolve(stop.module, owner.id)

    def _of_module(self, owner: Target, name: str) -> Iterator[Stop]:
        if isinstance(owner, _Imported):
            yield from self._named(self._resolve(owner.module, name))

    def _methods_called(self, target: Target, method_name: str) -> Iterator[Stop]:
        if isinstance(target, _Imported):
            return
        if target and self._is_class(target):
            method = self._method(target, method_name)
            if method:
                yield method
                return
        same_name = self._methods.get(method_name, [])
        if len(same_name) == 1:
            yield same_name[0]

    def _named(self, target: Target) -> Iterator[Stop]:
        if not isinstance(target, Stop):
            return
        yield target
        if self._is_class(target):
            for name in ("__init__", "__post_init__"):
                method = self._method(target, name)
                if method:
                    yield method

    def _is_class(self, stop: Stop) -> bool:
        return stop.name in self._modules[stop.module].classes

    def _method(self, owner: Stop, name: str) -> Stop | None:
        """The method of a class or of the nearest base class that has it."""
        definition = self._modules[owner.module].classes[owner.name]
        if name in definition.methods:
            return Stop(owner.module, f"{owner.name}.{name}")
        for base in definition.bases:
            target = self._resolve(owner.module, base)
            if isinstance(target, Stop) and target != owner and self._is_class(target):
                method = self._method(target, name)
                if method:
                    return method
        return None

    def _resolve(self, module_name: str, name: str, remaining: int = RE_EXPORTS) -> Target:
        """What a name at the top of a module means: a stop, a module, or nothing of ours."""
        module = self._modules.get(module_name)
        if module is None or remaining == 0:
            return None
        if name in module.functions or name in module.classes:
            return Stop(module_name, name)
        if name not in module.imports:
            return None
        source, original = module.imports[name]
        if original is None:
            return _Imported(source)
        return self._resolve(source, original, remaining - 1) or self._submodule(source, original)

    def _submodule(self, package: str, name: str) -> _Imported | None:
        module_name = f"{package}.{name}"
        if module_name in self._modules:
            return _Imported(module_name)
        return None


def _index(file: SourceFile) -> _Module:
    module = _Module()
    for node in file.nodes(ast.ImportFrom, ast.Import):
        match node:
            case ast.ImportFrom(module=str(source), names=names, level=0):
                module.imports.update({name.asname or name.name: (source, name.name) for name in names})
            case ast.Import(names=names):
                module.imports.update({name.asname: (name.name, None) for name in names if name.asname})
    for statement in file.syntax.body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                module.functions[statement.name] = statement
            case ast.ClassDef():
                module.classes[statement.name] = _index_class(statement)
    return module


def _index_class(node: ast.ClassDef) -> _Class:
    definition = _Class(bases=[base.id for base in node.bases if isinstance(base, ast.Name)])
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            definition.methods[statement.name] = statement
    return definition


def _local_names(function: FunctionNode) -> set[str]:
    """Parameters and variables, which hide functions of the same name."""
    names: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
    return names


def _annotations(function: FunctionNode) -> Sequence[ast.expr]:
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [parameter.annotation for parameter in parameters if parameter.annotation]

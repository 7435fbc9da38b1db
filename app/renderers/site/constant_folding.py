"""What is known when a template is compiled is decided then: its language, and the links without a parameter.

Templates write every text in both languages, `text("行", "rows")`, and pages have some hundred of them. An environment
serves one language, so the call is replaced by the one text, and becomes a part of the markup around it.
"""

from collections.abc import Callable
from typing import Any, cast

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

PURE_FUNCTIONS = ("text",)
PURE_METHODS = (("to", "page"),)
"""What can be called when a template is compiled, if all arguments are constants."""
CONSTANTS = ("language", "base")
"""The globals that are texts."""


class ConstantFolder(NodeTransformer):
    """Replaces what depends on nothing but the globals of an environment by its value."""

    def __init__(self, environment: Environment) -> None:
        self._globals = environment.globals

    def visit_Name(self, node: nodes.Name, *_: Any, **__: Any) -> nodes.Node:
        """Replace the name of a constant."""
        return self._constant(self._globals[node.name], node) if node.ctx == "load" and node.name in CONSTANTS else node

    def visit_Call(self, node: nodes.Call, *_: Any, **__: Any) -> nodes.Node:
        """Replace a call whose function and arguments are known."""
        self.generic_visit(node)
        function = self._function(node.node)
        if function is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        values = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        return self._constant(function(*values), node) if len(values) == len(node.args) else node

    def _function(self, node: nodes.Expr) -> Callable[..., Any] | None:
        if isinstance(node, nodes.Name) and node.name in PURE_FUNCTIONS:
            return cast(Callable[..., Any], self._globals[node.name])
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            name, method = node.node.name, node.attr
            return getattr(self._globals[name], method) if (name, method) in PURE_METHODS else None
        return None

    @staticmethod
    def _constant(value: Any, node: nodes.Node) -> nodes.Const:
        return nodes.Const(value, lineno=node.lineno, environment=node.environment)


class FoldingCodeGenerator(CodeGenerator):
    """Compiles templates after their constants are folded."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """Compile a template."""
        ConstantFolder(self.environment).visit(node)
        super().visit_Template(node, frame)

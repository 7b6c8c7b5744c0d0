"""How templates call: at once where nothing has to be passed along."""

from types import FunctionType
from typing import Any

from jinja2.runtime import Context, Macro


class Calls(Context):
    """Jinja's context, which asks of whatever a template calls, in three places, whether it wants
    the context, its escaping or the environment. A page calls two hundred times, mostly plain
    functions, which want nothing, and macros, which want to know how to escape."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        """What `called` gives. A function that asks for anything says so by an attribute."""
        if type(called) is FunctionType and not called.__dict__:
            _without_scope(named)
            return called(*args, **named)
        if type(called) is Macro:
            _without_scope(named)
            return called(self.eval_ctx, *args, **named)
        return super().call(called, *args, **named)


def _without_scope(named: dict[str, Any]) -> None:
    """Drop what Jinja hands along for those that want the context."""
    named.pop("_loop_vars", None)
    named.pop("_block_vars", None)

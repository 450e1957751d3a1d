"""Every macro is given what it asks for: jinja2 says nothing of what is missing until it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from jinja2 import nodes

from adapters.rendering import current

SOURCES = Path(__file__).parents[2] / "templates"
TEMPLATES = {
    path.relative_to(SOURCES).as_posix(): current().parse(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCES.rglob("*"))
    if path.suffix in (".html", ".txt")
}


def macros(name: str) -> dict[str, nodes.Macro]:
    return {macro.name: macro for macro in TEMPLATES[name].find_all(nodes.Macro)}


def known(tree: nodes.Template, name: str) -> Mapping[str, nodes.Macro]:
    """The macros that a template can call, by the names under which it calls them."""
    found = macros(name)
    for taken in tree.find_all(nodes.FromImport):
        if isinstance(taken.template, nodes.Const):
            there = macros(taken.template.value)
            for each in taken.names:
                of, by = each if isinstance(each, tuple) else (each, each)
                found[by] = there[of]
    for whole in tree.find_all(nodes.Import):
        if isinstance(whole.template, nodes.Const):
            there = macros(whole.template.value)
            found |= {f"{whole.target}.{of}": macro for of, macro in there.items()}
    return found


def lacking(name: str) -> Iterator[str]:
    """Each call that lacks something: its line, the macro, and what it lacks."""
    tree = TEMPLATES[name]
    can = known(tree, name)
    for call in tree.find_all(nodes.Call):
        match call.node:
            case nodes.Name(name=called):
                macro = can.get(called)
            case nodes.Getattr(node=nodes.Name(name=whole), attr=attr):
                macro = can.get(f"{whole}.{attr}")
            case _:
                continue
        if macro is not None:
            given = {arg.name for arg in macro.args[: len(call.args)]} | {one.key for one in call.kwargs}
            asked = [arg.name for arg in macro.args[: len(macro.args) - len(macro.defaults)]]
            yield from (f"{call.lineno}: {macro.name} lacks {arg}" for arg in asked if arg not in given)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_macro_is_given_all_that_it_asks_for(name: str) -> None:
    """In a template too that no test has seen in the one state in which it is needed."""
    assert not list(lacking(name))

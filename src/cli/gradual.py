"""The command `gradual`: write the template with which a deployment goes out step by step.

What it changes is in `authoring.cloudformation`, and why in docs/decisions/0030-releases-side-by-side.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from authoring.cloudformation import digest_of, gradually, read_template
from cli import CannotRun
from cli.adopt import environment_of, values_of

ROOT: Final = Path(__file__).resolve().parents[2]

OUT: Final = ROOT / "build/gradual.json"


@click.command()
@click.option("--env", "environment", required=True, help="Environment of samconfig.toml.")
def gradual(environment: str) -> None:
    """Write the template for a deployment that goes out step by step.

    `make deploy GRADUAL=yes` does that, and deploys it. The bundle has to be built.
    """
    given = values_of(environment_of(environment))
    bundle = ROOT / "build/lambda"
    if not (bundle / "handlers").is_dir():
        raise CannotRun("There is no bundle. Run `dueprocess build` first.")
    template = read_template(ROOT / "template.yaml")
    written = gradually(template, root=ROOT, digest=digest_of(bundle, given))
    OUT.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    click.echo(f"Wrote {OUT.relative_to(ROOT)}.")

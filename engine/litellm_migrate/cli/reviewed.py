"""A plan that was kept to be reviewed, as options of the verb that applies it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path as File

from litellm_migrate.gateway.plan_file import SavedPlan, read_plan
from litellm_migrate.output import TENANT, URL
from litellm_migrate.source.model import USAGE, Problem, Problems

DECIDED = {"only": "--only", "skip": "--skip", "adopt": "--adopt", "update_all": "--update-all"}
"""What a plan has decided, and the option that would decide it anew."""


def reviewed(options: argparse.Namespace) -> SavedPlan | None:
    """The plan that the options name, if any; what it has decided is written into them."""
    if not getattr(options, "plan", None):
        return None
    file = File(options.plan)
    saved = read_plan(file)
    wrong = [option for name, option in DECIDED.items() if getattr(options, name)]
    if wrong:
        message = f"expected no {wrong[0]} beside a plan, which has decided that. Leave it out, or plan again with it."
        raise Problems([Problem(str(file), 0, 0, message)], USAGE)
    options.output = saved.folder
    options.gateway_url = options.gateway_url or os.environ.get(URL) or saved.gateway
    options.tenant = options.tenant or os.environ.get(TENANT) or saved.tenant
    for name in DECIDED:
        setattr(options, name, getattr(saved, name))
    return saved

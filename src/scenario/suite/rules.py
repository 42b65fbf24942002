"""What the pipeline itself refuses."""

from __future__ import annotations

from scenario.diagnostics import Rule, register

MODULE_NOT_ALLOWED = "SC401"

register(
    Rule(
        MODULE_NOT_ALLOWED,
        "module-not-allowed",
        "The file names a module that was not allowed.",
        "Scenario files are safe to run from anyone: nothing in them reaches a file, the network or an attribute. "
        "`python:` is the one door to code of your own, so whoever runs the file opens it, module by module: "
        "`scenario run --allow-python bank FILE`. Nothing is imported before.",
        "python:\n  transfer: bank:transfer\n",
        "",
    )
)

"""Entry point of the command line: light, so that Ctrl-C ends it cleanly from the first moment."""

from __future__ import annotations

from startex.cli import stopping

COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("startex.cli.list:list_scenarios", "Shipped scenarios."),
    "new": ("startex.cli.new:new", "A scenario folder of your own, from the tutorial."),
    "check": ("startex.cli.check:check", "Every problem of a scenario, with file and line."),
    "claims": ("startex.cli.claims:claims", "Claims: who says what, and where it is used."),
    "claims add": (
        "startex.cli.addclaims:add",
        "Claims of a new report: proposed, decided by a person, written.",
    ),
    "assess": ("startex.cli.assess:assess", "What holds of the claims; competing hypotheses."),
    "run": ("startex.cli.run:run", "Run a scenario into a folder."),
    "resume": ("startex.cli.resume:resume", "Finish a run or an ensemble that was interrupted."),
    "ensemble": ("startex.cli.ensemble:ensemble", "Many runs: seeds, policies, claims, figures."),
    "where": ("startex.cli.where:where", "Where somebody or something was at a time."),
    "why": ("startex.cli.why:why", "What led to an outcome, back to sensor, order and plan."),
    "review": ("startex.cli.review:review", "The after-action review of a run."),
    "compare": ("startex.cli.compare:compare", "What differs between two runs or ensembles."),
    "view": ("startex.cli.view:view", "Serve a run to a browser and to programs."),
    "verify": ("startex.cli.verify:verify", "Prove that a run folder is whole and unaltered."),
}
"""Command -> (module:function, line of help). Modules are imported only when called.

A name of two words is a command of its own: ``claims add`` beside ``claims SCENARIO``.
"""


def main() -> None:
    """Run the command line; errors of the user's making print without a traceback."""
    stopping.install()
    from startex.cli.app import run_app

    run_app()


if __name__ == "__main__":
    main()

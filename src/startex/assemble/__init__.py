"""The only place that joins scenario, engine, control and recorder into a run."""

from startex.assemble.build import Exercise, build
from startex.assemble.run import resume, simulate

__all__ = ["Exercise", "build", "resume", "simulate"]

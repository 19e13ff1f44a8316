"""Exercises made to order, for tests and benchmarks of Startex and of whatever is built on it."""

from startex.testing.exercise import make_exercise, plan_exercise
from startex.testing.plan import Plan
from startex.testing.shift import shift_exercise

__all__ = ["Plan", "make_exercise", "plan_exercise", "shift_exercise"]

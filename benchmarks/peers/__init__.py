"""Startex beside BlueSky, Mesa and two bare loops on one workload: times, memory and answers."""

"""Engagement: notional fire, judged by published models, explained row by row."""

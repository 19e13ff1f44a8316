"""The column tables of docs/store.md, from the declaration of the tables."""

from __future__ import annotations

from startex.recording import tables


def column_tables() -> str:
    """Return Markdown: a heading and a table of columns for every table of the store."""
    parts = []
    for name, columns in tables.declared().items():
        lines = [
            f"### {name}",
            "",
            f"One row for each {', '.join(f'`{key}`' for key in tables.sort_key(name))}.",
            "",
            "| column | type | unit | null | meaning |",
            "|---|---|---|---|---|",
        ]
        for column in columns:
            null = "yes" if column.nullable else ""
            lines.append(
                f"| {column.name} | {column.type} | {column.unit} | {null} | {column.meaning} |"
            )
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"

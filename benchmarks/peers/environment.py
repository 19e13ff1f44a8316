"""The peers' environment: made once, beside the benchmark, from the package registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".peers-venv"
REQUIREMENTS = HERE / "requirements.txt"


def wanted() -> dict[str, str]:
    """Return the pinned version of each package that is asked for."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").split()
    return dict(line.split("==") for line in lines)


def prepare(folder: Path = FOLDER) -> tuple[Path, dict[str, str]]:
    """Make the environment where it is not there yet; return its Python and what it holds.

    What cannot be installed is said on stderr, and left out; the rest is gone on with.
    """
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        print(f"making the peers' environment in {folder} (once) ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    missing = {name: v for name, v in wanted().items() if installed(python).get(name) != v}
    if missing and _install(python, missing):
        for name, version in missing.items():
            if complaint := _install(python, {name: version}):
                print(
                    f"!!! {name}=={version} CANNOT BE INSTALLED and takes no part: {complaint}",
                    file=sys.stderr,
                )
    return python, installed(python)


def installed(python: Path) -> dict[str, str]:
    """Return the versions of the wanted packages in an environment."""
    code = (
        "import importlib.metadata as m, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try: print(name, m.version(name))\n"
        "    except m.PackageNotFoundError: pass\n"
    )
    done = subprocess.run(
        [str(python), "-c", code, *wanted()], capture_output=True, text=True, check=False
    )
    return dict(line.split() for line in done.stdout.splitlines())


def _install(python: Path, packages: dict[str, str]) -> str:
    """Install packages; return the last line of the complaint, empty where there is none."""
    listed = [f"{name}=={version}" for name, version in packages.items()]
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", *listed],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return "" if done.returncode == 0 else (lines or ["pip failed"])[-1]

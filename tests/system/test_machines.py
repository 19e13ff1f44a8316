"""The same bytes on every processor: results depend on no kernel that a library picks at run time.

NumPy and its linear algebra choose among variants of their loops by what the processor can do; here
they are made to choose others, as on an older or another maker's machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KNOWN = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
"""What this processor says it can do; it cannot be made to do more."""

PROCESSORS = {
    "as it is": {},
    "without AVX": {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 X86_V3 AVX512F AVX512_SKX X86_V4",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4",
    },
    **({"with AVX2": {"OPENBLAS_CORETYPE": "Haswell"}} if " avx2 " in KNOWN else {}),
    **({"with AVX-512": {"OPENBLAS_CORETYPE": "SkylakeX"}} if " avx512vl " in KNOWN else {}),
}
"""What NumPy, OpenBLAS and the C library are told; a feature that is not known is passed over."""


def _digest(scenario: str, out, processor: dict[str, str]) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "startex.cli.main", "run", scenario]
    done = subprocess.run(
        [*command, "--out", str(out), "--json"],
        env={**os.environ, **processor},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["digest"]


@pytest.mark.parametrize(
    "scenario", ["three-nations-day", pytest.param("vostok-2022", marks=pytest.mark.long)]
)
@pytest.mark.timeout(600)
def test_any_processor_gives_the_same_digest(scenario, tmp_path) -> None:
    digests = {
        name: _digest(scenario, tmp_path / str(number), processor)
        for number, (name, processor) in enumerate(PROCESSORS.items())
    }
    assert len(set(digests.values())) == 1, digests

"""Snapshots for tests of the transfers list."""

from datetime import datetime
from pathlib import Path

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Progress, Stage
from cse_desktop.jobs.requests import Download, Upload, Verify
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot

FINISHED = datetime(2026, 7, 31, 17, 46).astimezone()
DISABLED = Failure(FailureKind.KEY, "This key is disabled", "Choose another key.")
TAMPERED = Failure(
    FailureKind.REFUSED,
    "This file was altered or damaged",
    "Its authentication tag does not match, so nothing was saved. Ask the sender.",
)


def upload(name="payslips-2025-08.zip", size=1_000):
    return Upload(
        "Finance",
        Path.home() / "Payroll" / name,
        ObjectRef("acme-payroll", f"2025/{name}"),
        size,
        "alias/finance-prod",
        "alias/finance-prod",
    )


def download(name="ledger.parquet", size=1_000):
    ref = ObjectRef("acme-archive", f"2024/{name}")
    return Download("Finance", ref, Path.home() / "Downloads" / name, size)


def verify(name="audit.zip", size=1_000):
    return Verify("Finance", ObjectRef("acme-archive", f"audit/{name}"), size)


def waiting(job, request=None, batch=1):
    request = request or upload(f"file-{job}.txt")
    return Snapshot(job, batch, request, Phase.WAITING, Progress(0, request.size))


def held(job, request=None, note=""):
    request = request or upload(f"file-{job}.txt")
    return Snapshot(job, 1, request, Phase.HELD, Progress(0, request.size), note=note)


def running(job, done, request=None, stage=Stage.ENCRYPTING, part=0, parts=0, batch=1):
    request = request or upload(f"file-{job}.txt")
    progress = Progress(done, request.size, stage, part, parts)
    return Snapshot(job, batch, request, Phase.RUNNING, progress)


def ended(job, phase=Phase.DONE, request=None, failure=None, note="", batch=1):
    request = request or upload(f"file-{job}.txt")
    done = request.size if phase is Phase.DONE else 0
    progress = Progress(done, request.size, Stage.SAVING)
    return Snapshot(job, batch, request, phase, progress, failure, note, FINISHED)


def failed(job, failure=DISABLED, request=None, batch=1):
    return ended(job, Phase.FAILED, request, failure, batch=batch)

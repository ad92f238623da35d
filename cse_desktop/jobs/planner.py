"""From what the user points at to requests; the parts are in the modules this one gathers.

All block; they are to be called on a thread for short reads.
"""

from cse_desktop.jobs.download_planner import create_folders, plan_download, plan_downloads
from cse_desktop.jobs.plan import Clash, DownloadPlan, Side, Skipped, UploadPlan, resolve
from cse_desktop.jobs.upload_planner import KeyUse, plan_uploads

__all__ = [
    "Clash",
    "DownloadPlan",
    "KeyUse",
    "Side",
    "Skipped",
    "UploadPlan",
    "create_folders",
    "plan_download",
    "plan_downloads",
    "plan_uploads",
    "resolve",
]

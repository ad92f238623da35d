"""The Regions of AWS with their names, as the client library knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cse_desktop.core.later import later

if TYPE_CHECKING:
    import botocore.session as library
else:
    library = later("botocore.session")


@dataclass(frozen=True, slots=True)
class Region:
    """A Region: "eu-central-1", "Europe (Frankfurt)"."""

    code: str
    name: str


def regions() -> tuple[Region, ...]:
    """All Regions by code, those of other partitions last; reads files, no network."""
    found = library.Session().get_component("data_loader").load_data("endpoints")
    return tuple(
        Region(code, str(values.get("description", code)))
        for partition in found["partitions"][:3]  # AWS, China, GovCloud; others are not for all
        for code, values in sorted(partition["regions"].items())
    )

"""Which way the requests of transfers go: past the client library where that can be."""

from __future__ import annotations

from dataclasses import dataclass

from cse_desktop.core.addresses import AddressBook
from cse_desktop.core.bandwidth import Bandwidth
from cse_desktop.core.carrier import Carrier, LibraryCarrier
from cse_desktop.core.clients import Clients
from cse_desktop.core.data_keys import DataKeys, DirectDataKeys, LibraryDataKeys
from cse_desktop.core.direct import Direct, Frozen
from cse_desktop.core.direct_carrier import DirectCarrier
from cse_desktop.core.patience import Patience


@dataclass(frozen=True, slots=True)
class Ways:
    """How one session gets to S3 and to KMS for the calls of transfers."""

    carrier: Carrier
    data_keys: DataKeys


def through_library(clients: Clients, bandwidth: Bandwidth) -> Ways:
    """Everything through boto3: slower, and right for any endpoint."""
    return Ways(LibraryCarrier(clients.s3, bandwidth), LibraryDataKeys(clients.kms))


def past_library(
    clients: Clients, credentials: Frozen, patience: Patience, bandwidth: Bandwidth
) -> Ways:
    """Past boto3, and through it for what only boto3 can send."""
    library = through_library(clients, bandwidth)
    s3 = AddressBook(clients.s3, clients.ca_file)
    kms = AddressBook(clients.kms, clients.ca_file)
    return Ways(
        DirectCarrier(s3, Direct("rest-xml", credentials, patience, bandwidth), library.carrier),
        DirectDataKeys(kms, Direct("json", credentials, patience), library.data_keys),
    )

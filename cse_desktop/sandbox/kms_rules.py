"""KMS as AWS runs it, where moto is more generous.

moto encrypts and decrypts, but it lets a disabled key work, hands out a real data key on a dry
run, answers a wrong KeyId with the wrong error, has no permissions, and cannot tell the contexts
{"a": "bc"} and {"ab": "c"} apart. A user (and a test) would learn wrong things from that. The
requests that touch data keys are judged here in the order of AWS: does the key exist, may the user
do that, is the key in the right state, is it only a dry run; what is left goes on to moto.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, KmsBackend

from cse_desktop.sandbox import answers

_CONTEXTS: Final = ("EncryptionContext", "SourceEncryptionContext", "DestinationEncryptionContext")
_KEY_NAMES: Final = ("KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId")
_ENCRYPTING: Final = ("Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext")
ENCRYPT_ACTIONS: Final = frozenset({*_ENCRYPTING, "ReEncryptTo"})


class _KmsError(Exception):
    """An answer of KMS."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class _Use:
    """One key that a request uses: "Decrypt" and "ReEncrypt" name it differently."""

    action: str
    key: Key


class KmsRules:
    """A WSGI application in front of moto's.

    Args:
        app: moto.
        backend: the keys moto keeps.
        caller: ARN of the user, for messages.
    """

    def __init__(self, app: WSGIApplication, backend: KmsBackend, caller: str) -> None:
        self._app = app
        self._backend = backend
        self._caller = caller
        self._denied: dict[str, frozenset[str]] = {}

    def deny(self, key_id: str, actions: frozenset[str]) -> None:
        """Take permissions away from the user, from now on."""
        self._denied[key_id] = actions

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service != "TrentService":
            return self._app(environ, start)
        try:
            request = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            self._spell_for_moto(request)
            if operation in (*_ENCRYPTING, "Decrypt", "ReEncrypt"):
                self._judge(operation, request)
        except _KmsError as error:
            return answers.kms_error(start, error.code, error.message)
        except JsonRESTError as error:
            return answers.kms_error(start, error.error_type, error.message)
        body = json.dumps(request).encode()
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return self._app(environ, start)

    def _spell_for_moto(self, request: dict[str, Any]) -> None:
        for name in _CONTEXTS:
            if request.get(name):
                request[name] = _unambiguous(request[name])
        for name in _KEY_NAMES:
            # moto takes the id of a multi-Region key only with dashes, which AWS leaves out.
            if str(request.get(name, "")).startswith("mrk-"):
                request[name] = self._arn(f"key/{request[name]}")

    def _judge(self, operation: str, request: Mapping[str, Any]) -> None:
        """Return if the request may go on.

        Raises:
            _KmsError: what KMS would answer.
        """
        modifiers = request.get("DryRunModifiers") or []
        if modifiers and not request.get("DryRun"):
            raise _KmsError("ValidationException", "DryRunModifiers can only be used with DryRun")
        uses = self._uses(operation, request, without_ciphertext="IGNORE_CIPHERTEXT" in modifiers)
        for use in uses:
            self._check_permission(use)
        for use in uses:
            _check_state(use.key)
        if request.get("DryRun"):
            raise _KmsError(
                "DryRunOperationException",
                "The request would have succeeded, but the DryRun option is set.",
            )

    def _uses(
        self, operation: str, request: Mapping[str, Any], *, without_ciphertext: bool
    ) -> tuple[_Use, ...]:
        if operation in _ENCRYPTING:
            return (_Use(operation, self._named(request["KeyId"], operation)),)
        is_decrypt = operation == "Decrypt"
        source = _Use(
            "Decrypt" if is_decrypt else "ReEncryptFrom",
            self._source(
                request,
                "KeyId" if is_decrypt else "SourceKeyId",
                "EncryptionContext" if is_decrypt else "SourceEncryptionContext",
                without_ciphertext=without_ciphertext,
            ),
        )
        if is_decrypt:
            return (source,)
        return (
            source,
            _Use("ReEncryptTo", self._named(request["DestinationKeyId"], "ReEncryptTo")),
        )

    def _source(
        self,
        request: Mapping[str, Any],
        key_name: str,
        context_name: str,
        *,
        without_ciphertext: bool,
    ) -> Key:
        """The key that decrypts: the one under which the ciphertext is, which a name must match."""
        named = self._named(request[key_name], "Decrypt") if request.get(key_name) else None
        if without_ciphertext:
            if named is None:
                raise _KmsError("ValidationException", f"{key_name} is required")
            return named
        try:
            ciphertext = base64.b64decode(request.get("CiphertextBlob") or "", validate=True)
        except binascii.Error:
            raise _KmsError("SerializationException") from None
        _, arn = self._backend.decrypt(ciphertext, request.get(context_name) or {})
        actual = self._backend.keys[arn.rpartition("/")[2]]
        if named is not None and named.id != actual.id:
            raise _KmsError(
                "IncorrectKeyException",
                "The key ID in the request does not identify a CMK that can perform this "
                "operation.",
            )
        return actual

    def _named(self, name: str, action: str) -> Key:
        """The key with this ARN, id or alias."""
        if name.startswith("arn:"):
            _, _, _, region, account, resource = name.split(":", 5)
            if region != self._backend.region_name:
                raise _KmsError("NotFoundException", f"Invalid arn {region}")
            if account != self._backend.account_id:
                raise self._not_authorized(action, name, "the resource does not exist in this "
                    "Region, no resource-based policies allow access, or a resource-based policy "
                    "explicitly denies access")  # fmt: skip
            name = resource.removeprefix("key/")
        if name.startswith("alias/"):
            key_id = self._backend.get_key_id_from_alias(name)
            kind, full = "Alias", self._arn(name)
        else:
            key_id = name
            kind, full = "Key", self._arn(f"key/{name}")
        if key_id is None or key_id not in self._backend.keys:
            raise _KmsError("NotFoundException", f"{kind} {full} is not found.")
        return self._backend.keys[key_id]

    def _arn(self, resource: str) -> str:
        return f"arn:aws:kms:{self._backend.region_name}:{self._backend.account_id}:{resource}"

    def _check_permission(self, use: _Use) -> None:
        if use.action in self._denied.get(use.key.id, ()):
            raise self._not_authorized(
                use.action,
                use.key.arn,
                f"no identity-based policy allows the kms:{use.action} action",
            )

    def _not_authorized(self, action: str, arn: str, reason: str) -> _KmsError:
        return _KmsError(
            "AccessDeniedException",
            f"User: {self._caller} is not authorized to perform: kms:{action} "
            f"on resource: {arn} because {reason}",
        )


def _check_state(key: Key) -> None:
    if key.key_state == "Disabled":
        raise _KmsError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state == "PendingDeletion":
        raise _KmsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key.key_state != "Enabled":
        raise _KmsError("KMSInvalidStateException", f"{key.arn} is {key.key_state}.")


def _unambiguous(context: Mapping[str, str]) -> dict[str, str]:
    """The context as one name: moto authenticates names and values strung together."""
    return {json.dumps(sorted(context.items())): ""}

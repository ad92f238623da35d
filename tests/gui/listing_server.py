"""A small S3 on loopback that lists any number of made-up keys, slowly or not at all if asked."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

MODIFIED = "2025-07-31T15:42:09.000Z"


class ListingServer(ThreadingHTTPServer):
    """Serves one bucket.

    Attributes:
        keys: of all objects; listed in S3's order.
        listed, headed: what was asked: prefix and token, or the key.
        gate: requests wait while it is cleared.
        broken: answer 403 to every listing.
        most_heads: HEAD requests at one moment, at most.
    """

    daemon_threads = False

    def __init__(self, keys):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys = sorted(keys, key=lambda key: key.encode())
        self.metadata = {}
        self.listed, self.headed = [], []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False
        self.heads = self.most_heads = 0
        self.lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self):
        self.gate.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def page(self, prefix, token, limit, delimiter="/"):
        """Entries (a key, or a prefix with "/" at its end) and the next token."""
        start = int(token or 0)
        found, last = [], ""
        for at in range(start, len(self.keys)):
            key = self.keys[at]
            if not key.startswith(prefix):
                continue
            folder, slash, _ = key[len(prefix) :].partition(delimiter or "\0")
            name = prefix + folder + slash if slash else key
            if name == last:
                continue
            if len(found) == limit:
                return found, str(at)
            found.append(name)
            last = name
        return found, ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_words):
        pass

    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, token = query.get("prefix", ""), query.get("continuation-token", "")
        self.server.listed.append((prefix, token))
        self.server.gate.wait(30)
        if self.server.broken:
            self._send(403, "<Error><Code>AccessDenied</Code><Message>No</Message></Error>")
            return
        limit, delimiter = int(query.get("max-keys", 1000)), query.get("delimiter", "")
        found, after = self.server.page(prefix, token, limit, delimiter)
        self._send(200, _listing(found, after))

    def do_HEAD(self):
        key = unquote(urlsplit(self.path).path).split("/", 2)[2]
        with self.server.lock:
            self.server.headed.append(key)
            self.server.heads += 1
            self.server.most_heads = max(self.server.most_heads, self.server.heads)
        self.server.gate.wait(30)
        with self.server.lock:
            self.server.heads -= 1
        self.send_response(200 if key in self.server.keys else 404)
        self.send_header("Content-Length", str(_size(key)))
        self.send_header("ETag", f'"{_etag(key)}"')
        self.send_header("Last-Modified", "Thu, 31 Jul 2025 15:42:09 GMT")
        for name, value in self.server.metadata.get(key, {}).items():
            self.send_header(f"x-amz-meta-{name}", value)
        self.end_headers()

    def _send(self, code, text):
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _listing(found, after):
    rows = []
    for name in found:
        if name.endswith("/"):
            rows.append(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>")
        else:
            rows.append(
                f"<Contents><Key>{escape(name)}</Key><LastModified>{MODIFIED}</LastModified>"
                f"<ETag>&quot;{_etag(name)}&quot;</ETag><Size>{_size(name)}</Size>"
                "<StorageClass>STANDARD</StorageClass></Contents>"
            )
    more = f"<NextContinuationToken>{after}</NextContinuationToken>" if after else ""
    return (
        '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<IsTruncated>{'true' if after else 'false'}</IsTruncated>{more}{''.join(rows)}"
        "</ListBucketResult>"
    )


def _etag(key):
    return f"{hash(key) & 0xFFFFFFFF:032x}"


def _size(key):
    return 16 + sum(key.encode()) * 7

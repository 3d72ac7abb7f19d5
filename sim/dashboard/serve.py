"""The server: loopback unless a token is asked for, no telemetry, everything from this machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import threading
import time
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "shequ-token"
SETTINGS = {
    "SOLARA_APP": "sim.dashboard.app",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_MODE": "production",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Shequ",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "8",
}


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


class Guarded:
    """The app behind a token: given once in the address, kept in a cookie; without it nothing is served."""

    def __init__(self, app: Callable, token: str):
        self.app, self.token = app, token
        self.kept = hashlib.sha256(token.encode()).hexdigest()  # what the cookie holds

    async def __call__(
        self, scope: dict[str, Any], receive: Callable, send: Callable
    ) -> Awaitable[None] | None:
        """Serve, or refuse with 403."""
        if scope["type"] not in ("http", "websocket") or self._knows(scope):
            return await self.app(
                scope, receive, self._with_cookie(send) if scope["type"] == "http" else send
            )
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 4403})
        await send(
            {
                "type": "http.response.start",
                "status": 403,
                "headers": [(b"content-type", b"text/plain; charset=utf-8")],
            }
        )
        return await send(
            {"type": "http.response.body", "body": "a token is needed: ?token=... 需要令牌".encode()}
        )

    def _knows(self, scope: dict[str, Any]) -> bool:
        headers = dict(scope.get("headers") or ())
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        kept = cookies[COOKIE].value if COOKIE in cookies else ""
        given = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("token", "")
        return _same(kept, self.kept) or _same(given, self.token)

    def _with_cookie(self, send: Callable) -> Callable:
        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{COOKIE}={self.kept}; Path=/; HttpOnly; SameSite=Strict".encode()
                message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", cookie)]}
            await send(message)

        return sending


def _get_ready(server: Any) -> None:
    """Warm the preview up, once the server answers."""
    while not server.started:
        time.sleep(0.1)
    from sim.dashboard.glance import get_ready

    get_ready()


def serve(host: str, port: int, token: str = "", file: str = "", lang: str = "en") -> None:
    """Serve until stopped. host other than loopback: only with a token."""
    os.environ.update(SETTINGS | {"SHEQU_DASHBOARD_FILE": file, "SHEQU_DASHBOARD_LANG": lang})
    import uvicorn
    from solara.server.starlette import app

    guarded = app if host in LOOPBACK and not token else Guarded(app, token)
    server = uvicorn.Server(uvicorn.Config(guarded, host=host, port=port, log_level="warning"))
    threading.Thread(target=_get_ready, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()

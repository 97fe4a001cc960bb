"""The ASGI entry: HTTP goes to Django, WebSockets through the origin check and the session to the jobs."""

import os

from trainai.streaming import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402  (Django must be set up first)
from channels.routing import ProtocolTypeRouter  # noqa: E402

from jobs.routing import websockets  # noqa: E402
from trainai.origin import same_origin  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": same_origin(AuthMiddlewareStack(websockets))})  # type: ignore[arg-type]

"""tuspyserver as its README sets it up: an ASGI application that puts uploads into TUSPYSERVER_FILES."""

from __future__ import annotations

import os

from fastapi import FastAPI
from tuspyserver import create_tus_router

app = FastAPI()
app.include_router(create_tus_router(files_dir=os.environ["TUSPYSERVER_FILES"], prefix="files"))

"""Settings, read once from the environment, top to bottom."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from trainai import database, desk, email_address, environment, machine, media, secret_key, static_files

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")

# --- who answers ---------------------------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG", False)
SECRET_KEY = environment.text("SECRET_KEY")
SECRET_KEY_IS_GIVEN = bool(SECRET_KEY)
SECRET_KEY = SECRET_KEY or secret_key.kept_in(VAR_DIR)
BIND = environment.choice("BIND", "127.0.0.1", ["127.0.0.1", "0.0.0.0", "::"])  # noqa: S104  (asked for)
PORT = environment.number("PORT", 8000, low=1, high=65535)
PROXIES = environment.words("PROXIES", ["127.0.0.1"])
HTTPS = environment.flag("HTTPS", False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
ROOT_URLCONF = "trainai.urls"
ASGI_APPLICATION = "trainai.asgi.application"

# Behind a proxy that speaks HTTPS: cookies travel encrypted only, plain HTTP is sent to HTTPS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Whether the neighbouring sub-domains speak HTTPS too is for the operator to know.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)/?$"]
X_FRAME_OPTIONS = "DENY"

# --- what it is made of --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "trainai",
    "trainai.accounts",
    "jobs",  # before django_q: our qcluster command stands in place of the stock one
    "trainings",
    "django_q",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin.apps.SimpleAdminConfig",  # urls.py finds the desk's modules: only web needs them
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "trainai.content_security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "trainai.slashes.SlashMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "trainai.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
APPEND_SLASH = False  # SlashMiddleware: a redirect would lose the body of a POST
# A page loads our own files and nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # The player's elements carry their styles inside; a style cannot run anything.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],  # hls.js makes its worker from a blob
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trainai.context_processors.header",
            ]
        },
    }
]

# --- database ------------------------------------------------------------------------------------------------

DATABASE_URL = environment.text("DATABASE_URL")
# Around a pooler of transactions, for what belongs to a session: LISTEN, and the locks of uploads.
DATABASE_DIRECT = database.parameters("DATABASE_DIRECT_URL", environment.text("DATABASE_DIRECT_URL"))
DATABASES = {
    "default": database.from_url(DATABASE_URL, pooled=bool(DATABASE_DIRECT)) if DATABASE_URL else database.embedded()
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Too many wrong passwords for one address from one machine.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "trainai.accounts.lockout.username"
AXES_LOCKOUT_CALLABLE = "trainai.accounts.lockout.locked_out"
AXES_VERBOSE = False

# --- programs that talk to us --------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The token first: its 401 tells a client how to log in.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "trainai.api.handle_error",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "TrainAI",
    "DESCRIPTION": "From a narrated screen recording to a training.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- files ---------------------------------------------------------------------------------------------------

MEDIA_ROOT = environment.folder("MEDIA_ROOT", VAR_DIR / "media")
MEDIA_BUCKET = environment.text("AWS_STORAGE_BUCKET_NAME")
MAX_UPLOAD_BYTES = environment.number("MAX_UPLOAD_BYTES", 10 * 2**30, low=1, high=2**50)
COMPANY_QUOTA_BYTES = environment.number("COMPANY_QUOTA_BYTES", 0, low=0, high=2**60)
UPLOAD_KEPT_HOURS = environment.number("UPLOAD_KEPT_HOURS", 24, low=1, high=24 * 365)
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": media.bucket(MEDIA_BUCKET) if MEDIA_BUCKET else media.disk(),
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
SERVESTATIC_USE_FINDERS = DEBUG
SERVESTATIC_KEEP_ONLY_HASHED_FILES = True
SERVESTATIC_ADD_HEADERS_FUNCTION = static_files.add_headers

# --- recordings ----------------------------------------------------------------------------------------------

MIN_RECORDING_SECONDS = 0.5  # shorter holds no step
MAX_RECORDING_SECONDS = environment.number("MAX_RECORDING_SECONDS", 4 * 3600, low=1, high=24 * 3600)

# --- mail ----------------------------------------------------------------------------------------------------

EMAIL_URL = environment.text("EMAIL_URL")
_MAIL = email_address.mail_server(EMAIL_URL)
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _MAIL.backend, _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.starttls, _MAIL.tls
EMAIL_TIMEOUT = 20
EMAIL_SUBJECT_PREFIX = "[TrainAI] "
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("EMAIL_FROM", "TrainAI <trainai@localhost>")
# Where links in mails lead: a job has no request to ask.
PUBLIC_URL = environment.address("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")

# --- language and time ---------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- jobs ----------------------------------------------------------------------------------------------------

WORKERS = environment.number("WORKERS", 3, low=1, high=256)
COMPANY_JOBS = environment.number("COMPANY_JOBS", 0, low=0, high=10_000) or None
# What one worker with its children may take; a job that wants more fails and says so.
JOB_MEMORY_MB = environment.number("JOB_MEMORY_MB", machine.memory_share_mb(WORKERS), low=256, high=2**22)
# What jobs leave free on the disk for everybody else, the database first of all.
DISK_RESERVE_MB = environment.number("DISK_RESERVE_MB", 512, low=0, high=2**22)
# As in the guide's "Clean Up Old Jobs".
KEEP_JOBS_DAYS = environment.number("KEEP_JOBS_DAYS", 30, low=1, high=3650)
BACKGROUND_JOB_TOKEN = environment.text("BACKGROUND_JOB_TOKEN")
Q_CLUSTER = {
    "name": "trainai",
    "broker_class": "jobs.broker.PostgresBroker",
    "workers": WORKERS,
    "queue_limit": 1,
    "bulk": 1,
    "guard_cycle": 0.2,  # seconds until a dead worker is replaced
    "scheduler": False,  # our qcluster fires schedules within a second of their time
    "save_limit": -1,
    "max_rss": JOB_MEMORY_MB * 2**10 // 2,  # kB; a worker that was larger than that starts afresh after its job
    "recycle": 10_000,  # jobs; django-q2's 500 are over in a second of small ones, and memory has its own limit
    # Our workers hold leases instead of django-q2's clocks; it only wants `retry` to be the larger one.
    "timeout": 2**30,
    "retry": 2**31,
}

# --- providers -----------------------------------------------------------------------------------------------

TRANSCRIBERS = {
    "whisper": "trainings.providers.whisper_.WhisperTranscriber",
    "openai": "trainings.providers.openai_.OpenAITranscriber",
}
SOP_WRITERS = {
    "extractive": "trainings.providers.extractive.ExtractiveWriter",
    "openai": "trainings.providers.openai_.OpenAIWriter",
}
VIDEO_HOSTS = {"hls": "trainings.providers.hls_.HlsHost", "mux": "trainings.providers.mux_.MuxHost"}

OPENAI_API_KEY = environment.text("OPENAI_API_KEY")
OPENAI_BASE_URL = environment.address("OPENAI_BASE_URL", "https://api.openai.com/v1")
OPENAI_TRANSCRIPTION_MODEL = environment.text("OPENAI_TRANSCRIPTION_MODEL", "gpt-transcribe")
OPENAI_SOP_MODEL = environment.text("OPENAI_SOP_MODEL", "gpt-6-luna")
OPENAI_PARALLEL = environment.number("OPENAI_PARALLEL", 4, low=1, high=64)
OPENAI_TIMEOUT = environment.number("OPENAI_TIMEOUT", 300, low=1, high=3600)
OPENAI_PRICES = environment.words("OPENAI_PRICES", [])
DAILY_LIMIT_CENTS = environment.number("DAILY_LIMIT_CENTS", 0, low=0, high=10**8)
JOB_LIMIT_CENTS = environment.number("JOB_LIMIT_CENTS", 0, low=0, high=10**8)

MUX_TOKEN_ID, MUX_TOKEN_SECRET = environment.together("MUX_TOKEN_ID", "MUX_TOKEN_SECRET")
MUX_SIGNING_KEY, MUX_PRIVATE_KEY = environment.together("MUX_SIGNING_KEY", "MUX_PRIVATE_KEY")
MUX_WEBHOOK_SECRET = environment.text("MUX_WEBHOOK_SECRET")
MUX_BASE_URL = environment.address("MUX_BASE_URL", "https://api.mux.com")
MUX_PLAYBACK_URL = environment.address("MUX_PLAYBACK_URL", "https://mux.com").rstrip("/")

if MUX_TOKEN_ID:
    # mux.com/docs/core/content-security-policy: the hosts of playlists and pieces change, pictures have one; and
    # media-src holds the list of the pictures over the time bar. The player itself is ours.
    for _directive, _host in (("connect-src", "*"), ("media-src", "*"), ("img-src", "image")):
        CONTENT_SECURITY_POLICY["DIRECTIVES"][_directive].append(MUX_PLAYBACK_URL.replace("://", f"://{_host}."))

TRANSCRIBER = environment.provider(
    "TRANSCRIBER", local="whisper", cloud="openai", key=OPENAI_API_KEY, needs="OPENAI_API_KEY"
)
WHISPER_MODEL = environment.text("WHISPER_MODEL", "base")
SOP_WRITER = environment.provider(
    "SOP_WRITER", local="extractive", cloud="openai", key=OPENAI_API_KEY, needs="OPENAI_API_KEY"
)
VIDEO_HOST = environment.provider(
    "VIDEO_HOST", local="hls", cloud="mux", key=MUX_TOKEN_ID, needs="MUX_TOKEN_ID and MUX_TOKEN_SECRET"
)

# --- the operators' desk -------------------------------------------------------------------------------------

UNFOLD = desk.UNFOLD

# --- what it says about itself -------------------------------------------------------------------------------

METRICS_TOKEN = environment.text("METRICS_TOKEN")
ALERT_EMAIL = environment.words("ALERT_EMAIL", [])
if ALERT_EMAIL and not EMAIL_URL:
    raise ImproperlyConfigured("ALERT_EMAIL is set, but no mail can be sent: set EMAIL_URL too.")
ALERT_WEBHOOK = environment.address("ALERT_WEBHOOK", "")
ALERT_QUEUE_SECONDS = environment.number("ALERT_QUEUE_SECONDS", 900, low=1, high=10**7)
ALERT_WORKER_SECONDS = environment.number("ALERT_WORKER_SECONDS", 30, low=1, high=10**7)

LOG_LEVEL = environment.choice("LOG_LEVEL", "WARNING", ["DEBUG", "INFO", "WARNING", "ERROR"])
_LINES = {"lines": "jobs.log_lines.Lines", "json": "jobs.log_lines.JsonLines"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _LINES[environment.choice("LOG_FORMAT", "lines", list(_LINES))]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        **{name: {"level": LOG_LEVEL} for name in ("trainai", "jobs", "trainings")},
        # Django mails its errors; here they go where all the others go. Not found is no error of ours.
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

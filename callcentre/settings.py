"""The one settings file. What differs between installations comes from the environment; docs/running.md lists it."""

import contextlib
import os
import secrets
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env("STATE_DIR", default=str(BASE_DIR / "var"))).resolve()


def secret(name):
    """A key from the environment, or one kept under STATE_DIR for the embedded default."""
    if value := env(name, default=""):
        return value
    path = STATE_DIR / "keys" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: the loser of the link reads the winner's key.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # a demo centre: allows load_demo and moving the clock
SECRET_KEY = secret("SECRET_KEY")
JOURNAL_KEY = secret("JOURNAL_KEY")  # its own, so that a leaked SECRET_KEY forges no journal row
FIELD_KEY = secret("FIELD_KEY")  # encrypts what the database keeps of other systems' secrets
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)  # a reverse proxy speaks HTTPS for us

INSTALLED_APPS = [
    "callcentre.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "callcentre.apps.CallcentreConfig",
    "journal",
    "people",
    "rulebook",
    "delivery",
    "shifts",
    "duties",
    "notices",
    "escalations",
    "hygiene",
    "floor",
    "handover",
    "meetings",
    "board",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.LanguageMiddleware",
    "people.middleware.EntranceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.InitialPasswordMiddleware",
    "callcentre.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "callcentre.urls"
WSGI_APPLICATION = "callcentre.wsgi.application"

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
                "board.context.shell",
            ],
            "builtins": [
                "callcentre.templatetags.once",
                "callcentre.templatetags.words",
                "rulebook.templatetags.clauses",
            ],
        },
    },
]

# Each process keeps its connection; no ATOMIC_REQUESTS: with immediate transactions each GET would lock SQLite.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 600  # to open SQLite's file and read its schema takes longer than a poll
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    STATE_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a read that turns into a write cannot be upgraded under load
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling our short statements takes longer than running them: 130 ms for 20 on the live floor of 200 desks.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["people.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "people.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("employee_number", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "people.validators.CentreWordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "board:start"
ACCOUNT_ADAPTER = "people.accounts.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "employee_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # desks are shared: closing the browser signs out
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_FORMS = {"login": "people.forms.LoginForm", "change_password": "people.forms.ChangePasswordForm"}
# A whole floor signs in from one address within minutes; somebody guessing one person's password does not get far.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "100/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_TLS else 0
SESSION_COOKIE_AGE = 12 * 60 * 60  # longer than any shift
# Holds the counts of failed logins, shared by the processes of a machine; nothing waits for Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": STATE_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10000},
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "callcentre.formats"
USE_TZ = True
TIME_ZONE = "UTC"  # stored in UTC, decided in the centre's own zone

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names once collectstatic has run; plain names before, so that a fresh checkout works too.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = STATE_DIR / "media"  # under random names; no address leads there but a view that asks who may see
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_LARGEST = env.int("UPLOAD_MEGABYTES", default=10) * 1024 * 1024  # of one file
UPLOAD_MOST = 5  # files of one form
UPLOAD_PIXELS = 50_000_000
UPLOAD_SIDE = 2560

CELERY_BROKER_URL = env("REDIS_URL", default="filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
    }
    if CELERY_BROKER_URL.startswith(("redis", "unix"))
    else {name: str(STATE_DIR / "broker") for name in ("data_folder_in", "data_folder_out", "control_folder")}
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: after its default of 100, within the hour, a worker would end
CELERY_TIMEZONE = "UTC"

# Messages outside, all sent by the relay. Without EMAIL_URL no e-mail is sent.
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
MAIL = {name: value for name, value in env.email("EMAIL_URL", default="dummymail://").items() if value}
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST", "localhost"), MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER", ""), MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="shift-desk@localhost")
ROBOT_HOSTS = env.list("ROBOT_HOSTS", default=[])  # host:port of robots besides the vendors' own

SEAL_DIR = Path(env("SEAL_DIR", default=str(STATE_DIR / "seals")))  # outside the database, append-only
CLOCK_FILE = env("CLOCK_FILE", default="")  # holds seconds to add to the clock; only with DEMO

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "callcentre.views.csrf_failure"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"tokens": {"()": "callcentre.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"django.db.backends": {"level": "INFO"}},
}

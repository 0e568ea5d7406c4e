from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """argon2id at OWASP's 19 MiB, t=2, p=1: a shift change signs in a whole floor within minutes."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1

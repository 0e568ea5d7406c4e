"""The programs that no wheel carries: installed by apt where that may be, else named in a clear message."""

import os
import shutil
import subprocess
import sys

# Where the package is known by another name: another distribution's, or a larger package's.
PROGRAMS = {"chromium": "chromium", "gettext": "xgettext", "libreoffice-calc-nogui": "soffice"}

PDF = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")  # what WeasyPrint loads


def install_missing(*packages):
    missing = [name for name in packages if not is_there(name)]
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing]
    prefix = privilege()
    if prefix is None or not shutil.which("apt-get"):
        sys.exit(f"Missing on this machine: {' '.join(missing)}. On Debian:\n\n    sudo {' '.join(install)}\n")
    print(f"Installing {' '.join(missing)} ...", flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "--quiet"], env=env, stdout=subprocess.DEVNULL)
    if subprocess.run([*prefix, *install], env=env, stdout=subprocess.DEVNULL).returncode:
        sys.exit(f"apt-get could not install {' '.join(missing)}: its message is above.")


def is_there(package):
    if program := PROGRAMS.get(package):
        return shutil.which(program) is not None
    if not shutil.which("dpkg-query"):
        return True  # fonts, on a system that is not Debian's: the reader's business
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True).stdout == "installed"


def privilege():
    """What to put before a command that only root may run: nothing, sudo, or None where neither serves."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "--non-interactive"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0:
        return sudo
    return None

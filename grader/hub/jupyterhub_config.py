"""A hub for one class on one machine, as docs/hub.md sets it up: Unix accounts, and the exchange between them."""

import os
from pathlib import Path

GROUP = os.environ.get("HUB_GROUP", "backprop")  # the Unix group of all who may log in
INSTRUCTORS = os.environ.get("HUB_INSTRUCTORS", "teacher").split()
EXCHANGE = os.environ.get("HUB_EXCHANGE", "/srv/exchange")  # as in the course's nbgrader_config.py
COURSE = "backprop"  # the course's folder in the home of an instructor

here = Path(__file__).resolve().parent
c = get_config()  # noqa: F821 (jupyterhub provides it)

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # a web server with TLS stands before it
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {GROUP}

# Each server runs as its user's Unix account. SimpleLocalProcessSpawner runs them all as one, and nbgrader, which
# asks Unix who somebody is, then takes all students for the same: the last submission is everybody's.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # a class that logs in at once
c.Spawner.default_url = "/lab"


def by_role(spawner):
    """Give a user the settings of a student or of an instructor. They are no wall: what each may read, Unix says."""
    home = Path(f"~{spawner.user.name}").expanduser()
    lab = here.parent / "lab"
    if spawner.user.name in INSTRUCTORS:
        spawner.notebook_dir = str(home / COURSE)
        # The server starts in the home folder, and nbgrader would find no course there.
        settings = [home / COURSE, here / "instructor", lab / "instructor", lab / "common"]
    else:
        settings = [here / "student", lab / "common"]
    paths = os.pathsep.join(map(str, settings))
    spawner.environment = {"JUPYTER_CONFIG_PATH": paths, "NBGRADER_EXCHANGE": EXCHANGE}


c.Spawner.pre_spawn_hook = by_role

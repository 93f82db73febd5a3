"""What an instructor's server needs under the hub, besides lab/instructor."""

c = get_config()  # noqa: F821 (jupyter_server provides it)

# Formgrader is a page in a frame, and the hub forbids frames altogether: it would stay blank.
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}

"""How gunicorn serves the panel: read once, then forked into its workers."""

bind = "0.0.0.0:5100"
workers = 2
threads = 4
worker_class = "gthread"
preload_app = True
# The only place for the workers' own heartbeat that is memory, not disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
timeout = 30
graceful_timeout = 20
control_socket_disable = True

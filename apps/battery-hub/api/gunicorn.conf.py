"""How gunicorn serves the API: read once, then forked into its workers.

uvicorn's own supervisor reads the application in each worker anew, which takes most of a start and
of the memory.
"""

bind = "0.0.0.0:8000"
workers = 4
worker_class = "battery_hub.worker.Worker"
preload_app = True
# The only place for the workers' own heartbeat that is memory, not disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
timeout = 30
graceful_timeout = 20
control_socket_disable = True
# Addresses of clients are believed only from a proxy in a private network.
forwarded_allow_ips = "127.0.0.1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"

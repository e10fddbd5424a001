"""The older application: takes live data without an end, and notes each row that was committed."""

import http.server
import os
import threading
import time

import psycopg

CONNECTION = (
    f"host=postgres dbname={os.environ['POSTGRES_DB']} user={os.environ['POSTGRES_USER']} "
    f"password={os.environ['POSTGRES_PASSWORD']} connect_timeout=5"
)


def write() -> None:
    while True:
        try:
            with psycopg.connect(CONNECTION, autocommit=True) as connection:
                while True:
                    row = connection.execute(
                        "INSERT INTO livedata (battery_id, voltage, err) VALUES (1, 51.2, 'TG') RETURNING id"
                    ).fetchone()
                    with open("/logs/committed", "a") as log:
                        log.write(f"{row[0]}\n")
                    time.sleep(0.1)
        except psycopg.Error as error:
            print(error, flush=True)
            time.sleep(0.5)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"older\n")


threading.Thread(target=write, daemon=True).start()
http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()

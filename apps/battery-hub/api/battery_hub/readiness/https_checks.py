"""The checks that go over HTTPS, as users and batteries do."""

import re
import ssl
import time
from urllib.parse import urlsplit

from battery_hub.readiness.https import CheckFailed
from battery_hub.readiness.session import HTTP_CREATED, HTTP_OK, Session

DAY_SECONDS = 86_400
ENOUGH_DAYS = 7


def health_answers(session: Session) -> None:
    """API and panel say that they are well, the API also which release it is."""
    health = session.call("GET", "/health")
    release = session.settings.berth_release
    if health["status"] != "ok":
        raise CheckFailed(f"the API says {health}")
    if release is not None and health["version"] != release:
        raise CheckFailed(f"the API is release {health['version']} instead of {release}")
    panel = session.client.send("GET", f"{session.settings.panel_url}/health")
    if panel.status != HTTP_OK or panel.json()["status"] != "ok":
        raise CheckFailed(f"the panel's /health answered {panel.status}")


def frontend_loads(session: Session) -> None:
    """The page, what it needs, and settings that lead to this API."""
    base = session.settings.frontend_url
    page = _page(session, f"{base}/")
    if "<title>Battery Hub</title>" not in page:
        raise CheckFailed("the main domain answers with another page")
    for path in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page):
        _page(session, base + path)
    found = session.client.send("GET", f"{base}/settings.json").json()["apiUrl"]
    if found != session.settings.api_url:
        raise CheckFailed(f"the page calls the API at {found}")


def _page(session: Session, url: str) -> str:
    answer = session.client.send("GET", url)
    if answer.status != HTTP_OK:
        raise CheckFailed(f"GET {url} answered {answer.status}")
    return answer.body.decode()


def certificates_valid(session: Session) -> None:
    """Each domain has a trusted certificate for its name that will not expire soon."""
    for domain, url in session.settings.urls().items():
        if urlsplit(url).hostname != domain:
            raise CheckFailed(f"{url} is not on {domain}")
        certificate = session.client.certificate(url)
        begins = ssl.cert_time_to_seconds(certificate["notBefore"])
        ends = ssl.cert_time_to_seconds(certificate["notAfter"])
        left = ends - time.time()
        if left <= min((ends - begins) / 3, ENOUGH_DAYS * DAY_SECONDS):
            raise CheckFailed(
                f"the certificate of {domain} expires in {left / DAY_SECONDS:.1f} days"
            )


def logins_work(session: Session) -> None:
    """The admin and a battery log in."""
    settings = session.settings
    login = {
        "username": settings.admin_username,
        "password": settings.admin_password.get_secret_value(),
    }
    session.reached["admin token"] = session.call("POST", "/auth/login", body=login)["access_token"]
    session.make_synthetic()
    login = {
        "battery_id": session.need("battery"),
        "battery_secret": session.need("battery secret"),
    }
    answer = session.call("POST", "/auth/battery-login", body=login)
    session.reached["battery token"] = answer["access_token"]


def webhook_accepts(session: Session) -> None:
    """A battery's report with an error is taken."""
    token = session.need("battery token")
    body = {"state_of_charge": 80.0, "err": "TG"}
    answer = session.call("POST", "/webhook/live-data", expect=HTTP_CREATED, token=token, body=body)
    if answer["errors"] != ["TG"]:
        raise CheckFailed(f"the webhook understood {answer['errors']} instead of TG")
    session.reached["report"] = answer["id"]


def history_shows_error(session: Session) -> None:
    """The battery's error history holds the error; the list of batteries hides the battery."""
    token, battery = session.need("admin token"), session.need("battery")
    session.need("report")
    errors = session.call("GET", f"/batteries/{battery}/errors", token=token)
    if [error["err"] for error in errors] != ["TG"]:
        raise CheckFailed(f"the history shows {errors}")
    if battery in {listed["id"] for listed in session.call("GET", "/batteries", token=token)}:
        raise CheckFailed("the list of batteries shows the synthetic one")


def bell_shows_notification(session: Session) -> None:
    """The hub's bell shows the notification; everyone's bell hides it."""
    token, hub = session.need("admin token"), session.need("hub")
    session.need("report")
    bell = session.call("GET", f"/notifications?hub_id={hub}", token=token)
    if bell["unread"] != 1 or bell["items"][0]["link_id"] != session.need("battery"):
        raise CheckFailed(f"the bell shows {bell}")
    everyone = session.call("GET", "/notifications?limit=200", token=token)
    if hub in {item["hub_id"] for item in everyone["items"]}:
        raise CheckFailed("the bell of everyone shows the synthetic hub")

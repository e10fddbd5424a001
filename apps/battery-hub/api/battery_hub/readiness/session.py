"""What the checks share: the client, the database, and the synthetic hub with its battery."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from battery_hub.readiness.https import CheckFailed, HttpsClient
from battery_hub.readiness.settings import ReadinessSettings

HTTP_OK, HTTP_CREATED, HTTP_NO_CONTENT, HTTP_NOT_FOUND = 200, 201, 204, 404


@dataclass
class Session:
    """Filled by the checks in their order; what an earlier one did not reach is said so."""

    settings: ReadinessSettings
    client: HttpsClient
    database: Engine | None
    reached: dict[str, Any] = field(default_factory=dict)

    def need(self, name: str) -> Any:
        """Return what an earlier check left."""
        if name not in self.reached:
            raise CheckFailed(f"not tried, as there is no {name}")
        return self.reached[name]

    def call(
        self,
        method: str,
        path: str,
        *,
        expect: int = HTTP_OK,
        token: str | None = None,
        body: object = None,
    ) -> Any:
        """Call the API and return its JSON; another status than expected is a failed check."""
        answer = self.client.send(method, self.settings.api_url + path, token, body)
        if answer.status != expect:
            raise CheckFailed(f"{method} {path} answered {answer.status} instead of {expect}")
        return answer.json() if answer.body else None

    def make_synthetic(self) -> None:
        """Make a hub that lists hide, with one battery."""
        token = self.need("admin token")
        wanted = {"name": f"readiness {uuid.uuid4()}", "is_synthetic": True}
        hub = self.call("POST", "/hubs", expect=HTTP_CREATED, token=token, body=wanted)
        self.reached["hub"] = hub["id"]
        wanted = {"name": "readiness", "hub_id": hub["id"]}
        battery = self.call("POST", "/batteries", expect=HTTP_CREATED, token=token, body=wanted)
        self.reached["battery"] = battery["id"]
        self.reached["battery secret"] = battery["battery_secret"]

    def remove_synthetic(self) -> None:
        """Remove the hub with all that hangs on it, and see that it is gone."""
        if "hub" not in self.reached:
            return
        token, hub = self.need("admin token"), self.reached.pop("hub")
        self.call("DELETE", f"/hubs/{hub}", expect=HTTP_NO_CONTENT, token=token)
        if "battery" in self.reached:
            battery = self.reached["battery"]
            self.call("GET", f"/batteries/{battery}", expect=HTTP_NOT_FOUND, token=token)

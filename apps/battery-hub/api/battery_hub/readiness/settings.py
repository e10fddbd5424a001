"""What the readiness checks have to know."""

from pydantic import SecretStr, model_validator

from battery_hub.settings import EnvironmentSettings


class ReadinessSettings(EnvironmentSettings):
    """Public addresses, and the admin's login."""

    frontend_url: str
    api_url: str
    panel_url: str
    main_domain: str
    api_domain: str
    panel_domain: str
    admin_username: str = "admin"
    admin_password: SecretStr = SecretStr("")
    # host:port to connect to instead of what the URLs' names resolve to.
    berth_check_address: str | None = None
    berth_release: str | None = None

    @model_validator(mode="after")
    def check_addresses(self) -> "ReadinessSettings":
        """Refuse what could not be checked at all."""
        for url in self.urls().values():
            if not url.startswith("https://"):
                raise ValueError(f"{url} is not an https:// URL")
        address = self.berth_check_address
        if address is not None and not address.rpartition(":")[2].isdecimal():
            raise ValueError(f"BERTH_CHECK_ADDRESS is {address}; give host:port")
        return self

    def urls(self) -> dict[str, str]:
        """Return the three URLs by their domains."""
        return {
            self.main_domain: self.frontend_url,
            self.api_domain: self.api_url,
            self.panel_domain: self.panel_url,
        }

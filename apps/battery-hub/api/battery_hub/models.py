"""The tables, as SQLAlchemy classes; the migrations make them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, String, Text, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Base of all tables; every time is stored with its zone."""

    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012  SQLAlchemy's way


class User(Base):
    """A person who has logged in; the password is not kept here."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(100), unique=True)
    email: Mapped[str] = mapped_column(String(254), server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Hub(Base):
    """A place with batteries. Lists leave synthetic hubs out: they belong to checks."""

    __tablename__ = "hubs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Battery(Base):
    """A battery, with the hash of the secret that it logs in with."""

    __tablename__ = "batteries"
    __table_args__ = (Index("ix_batteries_hub_id", "hub_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hub_id: Mapped[int] = mapped_column(ForeignKey("hubs.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64))
    last_seen_at: Mapped[datetime | None]
    offline_since: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    hub: Mapped[Hub] = relationship(lazy="joined", innerjoin=True)


class LiveData(Base):
    """One report of a battery; `err` holds its error codes as sent."""

    __tablename__ = "livedata"
    __table_args__ = (Index("ix_livedata_battery_id_recorded_at", "battery_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    battery_id: Mapped[int] = mapped_column(ForeignKey("batteries.id", ondelete="CASCADE"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state_of_charge: Mapped[float | None]
    voltage: Mapped[float | None]
    current: Mapped[float | None]
    temperature: Mapped[float | None]
    err: Mapped[str | None] = mapped_column(String(255))


class Notification(Base):
    """A message of the bell. Without a user it is for everyone who may see the hub."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_hub_id_is_read", "hub_id", "is_read"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hub_id: Mapped[int] = mapped_column(ForeignKey("hubs.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    notification_type: Mapped[str] = mapped_column(String(50))
    title: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(20))
    is_read: Mapped[bool] = mapped_column(server_default=text("false"))
    link_type: Mapped[str | None] = mapped_column(String(50))
    link_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DailyStatistics(Base):
    """One battery's day, kept when its live data is pruned."""

    __tablename__ = "battery_daily_statistics"

    battery_id: Mapped[int] = mapped_column(
        ForeignKey("batteries.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    reports: Mapped[int]
    errors: Mapped[int]
    state_of_charge_min: Mapped[float | None]
    state_of_charge_max: Mapped[float | None]
    temperature_max: Mapped[float | None]


class LoginFailure(Base):
    """A refused login, counted to slow down guessing."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_address_failed_at", "address", "failed_at"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    address: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime] = mapped_column(server_default=func.now())

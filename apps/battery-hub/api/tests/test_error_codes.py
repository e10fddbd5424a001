import pytest

from battery_hub.error_codes import decode
from tests.conftest import Call


@pytest.mark.parametrize(
    ("err", "codes"),
    [
        (None, []),
        ("", []),
        ("TG", ["TG"]),
        ("tg", ["TG"]),
        ("TG,CBL", ["TG", "CBL"]),
        (" TG ; CBL TG ", ["TG", "CBL"]),
        ("XYZ", ["XYZ"]),
    ],
)
def test_splits_codes(err: str | None, codes: list[str]) -> None:
    assert [known.code for known in decode(err)] == codes


def test_only_the_documented_codes_are_marked_so() -> None:
    documented = [known.code for known in decode("TG CBL LOW OVC COM XYZ") if known.documented]
    assert documented == ["TG", "CBL"]


def test_an_unknown_code_is_kept_and_named() -> None:
    assert decode("XYZ")[0].title == "Unknown error XYZ"


def test_programs_can_ask_what_codes_mean(call: Call, admin: str) -> None:
    codes = {known["code"]: known for known in call("GET", "/error-codes", token=admin)}
    assert codes["TG"] == {
        "code": "TG",
        "title": "Temperature out of range",
        "severity": "critical",
        "documented": True,
    }
    assert not codes["LOW"]["documented"]

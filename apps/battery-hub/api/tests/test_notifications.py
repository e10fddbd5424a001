from tests.conftest import Call


def test_the_bell_counts_and_marks(call: Call, make_battery: Call, admin: str) -> None:
    token = make_battery("B1")["token"]
    for err in ("TG", "CBL", "XYZ"):
        call("POST", "/webhook/live-data", 201, token, json={"err": err})
    bell = call("GET", "/notifications", token=admin)
    assert bell["unread"] == 3
    assert [item["title"].split(":")[0] for item in bell["items"]] == ["XYZ", "CBL", "TG"]

    newest = bell["items"][0]["id"]
    assert call("POST", f"/notifications/{newest}/read", token=admin)["is_read"] is True
    assert call("GET", "/notifications", token=admin)["unread"] == 2
    assert len(call("GET", "/notifications?unread_only=true&limit=1", token=admin)["items"]) == 1

    call("POST", "/notifications/read", 204, admin)
    assert call("GET", "/notifications", token=admin)["unread"] == 0
    call("POST", "/notifications/999/read", 404, admin)


def test_lists_hide_synthetic_hubs_unless_asked(call: Call, make_battery: Call, admin: str) -> None:
    battery = make_battery("B1", is_synthetic=True)
    call("POST", "/webhook/live-data", 201, battery["token"], json={"err": "TG"})
    hub = battery["hub_id"]
    assert call("GET", "/hubs", token=admin) == []
    assert call("GET", "/batteries", token=admin) == []
    assert call("GET", "/notifications", token=admin) == {"unread": 0, "items": []}
    assert len(call("GET", f"/batteries?hub_id={hub}", token=admin)) == 1
    assert call("GET", f"/notifications?hub_id={hub}", token=admin)["unread"] == 1

    call("DELETE", f"/hubs/{hub}", 204, admin)
    assert call("GET", f"/notifications?hub_id={hub}", token=admin)["items"] == []


def test_hub_names_are_unique(call: Call, admin: str) -> None:
    call("POST", "/hubs", 201, admin, json={"name": "Harbour"})
    call("POST", "/hubs", 409, admin, json={"name": "Harbour"})
    call("POST", "/hubs", 422, admin, json={"name": "  "})
    call("POST", "/batteries", 404, admin, json={"name": "B", "hub_id": 99})


def test_the_bell_tells_when_it_happened_and_goes_back(
    call: Call, make_battery: Call, admin: str
) -> None:
    token = make_battery("B1")["token"]
    times = [f"2026-0{month}-01T00:00:00Z" for month in (3, 1, 2)]
    for number, time in enumerate(times):
        report = {"recorded_at": time, "err": f"E{number}"}
        call("POST", "/webhook/live-data", 201, token, json=report)
    items = call("GET", "/notifications", token=admin)["items"]
    assert [item["created_at"] for item in items] == sorted(times, reverse=True)

    seen = []
    before = ""
    for _ in times:
        bell = call("GET", f"/notifications?limit=1{before}", token=admin)
        assert bell["unread"] == 3
        seen += bell["items"]
        before = f"&before={seen[-1]['id']}"
    assert seen == items
    assert call("GET", f"/notifications?limit=1{before}", token=admin)["items"] == []

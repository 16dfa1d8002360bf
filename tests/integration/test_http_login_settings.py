"""An org that wants its agents to sign in, also in the demo."""

from pathlib import Path

import pytest

from tests.support.running_app import ORGANIZATION, running_app

ADA = "ada@demo.example"
WHO = {"organizationId": ORGANIZATION, "userName": ADA}
AGENT = f"/demo/v1/agents/{ADA}"


@pytest.mark.parametrize(
    ("setting", "code"),
    [("showsLogin", "sign_in_required"), ("isSilentLogin", "silent_sign_in_required")],
)
async def test_no_ticket_before_the_sign_in(tmp_path: Path, setting: str, code: str) -> None:
    async with running_app(tmp_path) as app:
        assert (await app.http.post("/api/v1/link/ticket", json=WHO)).status_code == 200
        await app.http.put("/demo/v1/settings", json={setting: True})
        refused = await app.http.post("/api/v1/link/ticket", json=WHO)
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == code
        made = await app.http.post(f"{AGENT}/sign-in-code", json={})
        session = await app.http.post("/api/v1/session", json={"code": made.json()["code"]})
        cookie = session.headers["set-cookie"].partition(";")[0]
        admitted = await app.http.post("/api/v1/link/ticket", json=WHO, headers={"Cookie": cookie})
        assert admitted.status_code == 200
        ben = {**WHO, "userName": "ben@demo.example"}
        other = await app.http.post("/api/v1/link/ticket", json=ben, headers={"Cookie": cookie})
        assert other.status_code == 401
        again = await app.http.post("/api/v1/session", json={"code": made.json()["code"]})
        assert again.status_code == 401


async def test_who_is_logged_out_comes_back_by_loading_the_page_once_more(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        await app.http.post(f"{AGENT}/log-out", json={})
        at_once = await app.http.post("/api/v1/link/ticket", json=WHO)
        assert at_once.status_code == 401
        later = await app.http.post("/api/v1/link/ticket", json=WHO)
        assert later.status_code == 200


async def test_a_log_out_where_the_login_was_shown_leaves_nothing_behind(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        await app.http.put("/demo/v1/settings", json={"showsLogin": True})
        await app.http.post(f"{AGENT}/log-out", json={})
        shown = await app.http.post("/api/v1/link/ticket", json=WHO)
        assert shown.status_code == 401
        await app.http.put("/demo/v1/settings", json={"showsLogin": False})
        admitted = await app.http.post("/api/v1/link/ticket", json=WHO)
        assert admitted.status_code == 200

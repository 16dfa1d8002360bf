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

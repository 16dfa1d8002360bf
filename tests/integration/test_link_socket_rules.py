"""Who may open a link, with what, and how each link ends."""

from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from connector_py.entities import CloseCode, Hello, encode_frame
from server.api.services import LinkTimes
from tests.support.running_app import Link, RunningApp, close_code, eventually, running_app


async def hello(running: RunningApp, ticket: str) -> tuple[int | None, str]:
    async with running.socket() as socket:
        await socket.send(encode_frame(Hello(ticket=ticket, instance_id="x")))
        return await close_code(socket)


@pytest.mark.parametrize("path", ["/api/v1/link", "/demo/v1/live"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_only_own_pages_open_sockets(tmp_path: Path, path: str, origin: str | None) -> None:
    async with running_app(tmp_path) as running:
        with pytest.raises(InvalidStatus) as refused:
            async with running.socket(path, origin=origin):
                pass
        assert refused.value.response.status_code == 403


async def test_sockets_of_the_demo_do_not_exist_in_production(tmp_path: Path) -> None:
    async with running_app(tmp_path, demo=False) as running:
        with pytest.raises(InvalidStatus):
            async with running.socket("/demo/v1/live"):
                pass


async def test_a_ticket_opens_one_link(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        ticket = await running.ticket()
        async with running.socket() as socket:
            await socket.send(encode_frame(Hello(ticket=ticket, instance_id="x")))
            welcome = await Link(socket).next("welcome")
            assert welcome.agent.user_name == "ada@demo.example"
            assert welcome.calls == ()
        for wrong in (ticket, "", "x" * 43, "y" * 5000):
            code, _ = await hello(running, wrong)
            assert code == int(CloseCode.SIGN_IN_REQUIRED)


async def test_silence_instead_of_a_hello(tmp_path: Path) -> None:
    times = LinkTimes(hello_seconds=0.05)
    async with running_app(tmp_path, link_times=times) as running, running.socket() as socket:
        assert await close_code(socket) == (int(CloseCode.BAD_MESSAGE), "no hello came")


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", CloseCode.BAD_MESSAGE),
        (b"binary", CloseCode.BAD_MESSAGE),
        ('{"kind":"heartbeat"}', CloseCode.BAD_MESSAGE),
        (
            '{"kind":"hello","ticket":"t","instanceId":"i","schema":99,"offset":0}',
            CloseCode.SCHEMA_MISMATCH,
        ),
    ],
)
async def test_a_wrong_first_frame(tmp_path: Path, frame: str | bytes, code: CloseCode) -> None:
    async with running_app(tmp_path) as running, running.socket() as socket:
        await socket.send(frame)
        found, reason = await close_code(socket)
        assert found == int(code)
        assert reason


async def test_a_malformed_frame_ends_an_open_link_and_the_agent_is_gone(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        async with running.link() as link:
            await link.send('{"kind":"command","id":"k","name":"dance","args":{}}')
            code, reason = await close_code(link.socket)
            assert code == int(CloseCode.BAD_MESSAGE)
            assert "name" in reason
        await disconnected(running)


async def test_a_frame_that_is_too_long(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        await link.send("x" * (64 * 1024 + 1))
        code, _ = await close_code(link.socket)
        assert code == 1009  # the protocol's own code: the frame was never read
        await disconnected(running)


async def test_a_newer_page_takes_the_link_over(tmp_path: Path) -> None:
    async with (
        running_app(tmp_path) as running,
        running.link(instance_id="old") as old,
        running.link("ben@demo.example", instance_id="other") as other,
        running.link(instance_id="new") as new,
    ):
        code, _ = await close_code(old.socket)
        assert code == int(CloseCode.REPLACED)
        overview = (await running.http.get("/demo/v1/overview")).json()
        assert [agent["connected"] for agent in overview["agents"]] == [True, True]
        for link in (new, other):
            await link.socket.ping()


async def test_a_replaced_page_that_comes_back_is_sent_away_for_good(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        async with running.link(instance_id="old") as old:
            epoch = old.welcome.epoch
        async with running.link(instance_id="new") as new, running.socket() as socket:
            ticket = await running.ticket()
            hello = Hello(ticket=ticket, instance_id="old", epoch=epoch, offset=0)
            await socket.send(encode_frame(hello))

            assert (await close_code(socket))[0] == int(CloseCode.REPLACED)
            await new.socket.ping()


async def test_the_same_page_may_come_back_before_its_old_line_is_known_dead(
    tmp_path: Path,
) -> None:
    async with (
        running_app(tmp_path) as running,
        running.link(instance_id="page") as old,
        running.link(instance_id="page") as new,
    ):
        assert (await close_code(old.socket))[0] == int(CloseCode.REPLACED)
        overview = (await running.http.get("/demo/v1/overview")).json()
        assert overview["agents"][0]["connected"] is True
        await new.socket.ping()


async def test_heartbeats_come_by_themselves(tmp_path: Path) -> None:
    times = LinkTimes(heartbeat_seconds=0.02)
    async with running_app(tmp_path, link_times=times) as running, running.link() as link:
        for _ in range(3):
            await link.next("heartbeat")


async def test_a_stopping_server_says_that_it_goes_away(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running, running.link() as link:
        await running.services.links.end_all(CloseCode.GOING_AWAY, "the server restarts")
        assert (await close_code(link.socket))[0] == int(CloseCode.GOING_AWAY)


async def disconnected(running: RunningApp) -> None:
    """Wait until no agent is connected any more."""

    async def nobody() -> bool:
        agents = (await running.http.get("/demo/v1/overview")).json()["agents"]
        return not any(agent["connected"] for agent in agents)

    await eventually("no agent is connected", nobody)

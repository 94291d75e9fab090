from __future__ import annotations

from pathlib import Path

import pytest

from assistant.access import may_edit, may_read
from assistant.errors import SettingsError, UsageError
from assistant.serving.door import Entry, allowed_hosts, entry_of, is_loopback
from assistant.serving.starting import streamlit_options
from assistant.settings import Settings, load_settings

ANN = {"iss": "https://login.example", "sub": "1", "email": "Ann@Example.org", "email_verified": True}
SHORT = "too short by far"
LOGIN = {
    "login_client_id": "casewise",
    "login_client_secret": "the secret of the client",
    "login_metadata_url": "https://login.example/.well-known/openid-configuration",
    "login_redirect_uri": "https://casewise.example.org/oauth2callback",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"CASEWISE_{name.upper()}", value)
    return load_settings()


def test_whoever_signs_in_may_read_and_nobody_may_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = settings(monkeypatch)
    assert (may_read(plain, ANN), may_edit(plain, ANN)) == (True, False)


def test_editing_for_all_is_for_those_who_sign_in_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert may_edit(settings(monkeypatch, editing="1"), ANN)


@pytest.mark.parametrize(
    ("claims", "reads", "edits"),
    [
        (ANN, True, True),
        (ANN | {"email": "bob@example.org"}, True, False),
        (ANN | {"email": "eve@example.org"}, False, False),
        (ANN | {"email_verified": False}, False, False),
        (ANN | {"email": "ann@example.org.evil.example"}, False, False),
        (ANN | {"email": None}, False, False),
        ({"iss": "https://login.example", "sub": "ann@example.org"}, False, False),
    ],
)
def test_people_are_named_by_their_address(
    monkeypatch: pytest.MonkeyPatch, claims: dict[str, object], *, reads: bool, edits: bool
) -> None:
    chosen = settings(monkeypatch, editors="ann@example.org, ", readers="bob@example.org")
    assert (may_read(chosen, claims), may_edit(chosen, claims)) == (reads, edits)


@pytest.mark.parametrize(("groups", "edits"), [(["staff", "keepers"], True), ("keepers", True), (["staff"], False)])
def test_people_are_named_by_the_values_of_another_claim(
    monkeypatch: pytest.MonkeyPatch, groups: object, *, edits: bool
) -> None:
    chosen = settings(monkeypatch, editors="Keepers", role_claim="groups")
    assert may_edit(chosen, ANN | {"groups": groups, "email_verified": False}) is edits


def test_a_list_that_names_nobody_is_a_mistake_and_not_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="names nobody"):
        settings(monkeypatch, readers=" , ")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LOGIN["login_client_secret"] not in repr(settings(monkeypatch, **LOGIN))
    with pytest.raises(SettingsError) as caught:
        settings(monkeypatch, login_cookie_secret=SHORT)
    assert SHORT not in str(caught.value)
    assert "CASEWISE_LOGIN_COOKIE_SECRET" in str(caught.value)


def test_where_the_login_returns_to_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="oauth2callback"):
        settings(monkeypatch, login_redirect_uri="https://casewise.example.org/")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_only_this_machine_needs_no_login(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert is_loopback(host)
    assert entry_of(settings(monkeypatch), host, login=True) is Entry.LOCAL


@pytest.mark.parametrize("host", ["::", "", "192.168.1.5", "casewise.example.org", "localhost.example.org"])
def test_an_address_that_others_reach_needs_a_login_or_the_word_that_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    plain = settings(monkeypatch)
    with pytest.raises(UsageError, match=r"CASEWISE_LOGIN_CLIENT_ID.*--no-login"):
        entry_of(plain, host, login=True)
    assert entry_of(plain, host, login=False) is Entry.VISITORS
    assert entry_of(settings(monkeypatch, **LOGIN), host, login=True) is Entry.LOGIN


def test_a_login_holds_on_this_machine_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry_of(settings(monkeypatch, **LOGIN), "127.0.0.1", login=True) is Entry.LOGIN


@pytest.mark.parametrize("left_out", LOGIN)
def test_half_a_login_is_a_mistake_that_names_the_rest(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    rest = {name: value for name, value in LOGIN.items() if name != left_out}
    with pytest.raises(SettingsError, match=f"Set CASEWISE_{left_out.upper()} too"):
        entry_of(settings(monkeypatch, **rest), "127.0.0.1", login=True)


def test_names_of_other_machines_are_not_answered_to(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"localhost", "127.0.0.1", "::1"}
    chosen = settings(monkeypatch, **LOGIN)
    assert set(allowed_hosts(chosen, Entry.LOCAL)) == here
    assert set(allowed_hosts(chosen, Entry.LOGIN)) == here | {"casewise.example.org"}


def test_streamlit_s_options_do_not_depend_on_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.serving import opened_door

    chosen = settings(monkeypatch)
    with opened_door(chosen, "127.0.0.1", 0, login=True) as door:
        options = streamlit_options(chosen, door)
    assert options["browser.gatherUsageStats"] is False
    assert str(options["theme.light.primaryColor"]).startswith("#")
    assert options["server.port"] == door.port

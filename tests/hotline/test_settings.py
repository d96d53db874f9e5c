"""The machine's settings: read once, complete or refused, secrets never weak and never lost."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotline import labels
from hotline.errors import BrokenSettings
from hotline.settings import ROOT, Settings


def read(instance: Path, **env: str) -> Settings:
    return Settings.from_env({"HOTLINE_INSTANCE": str(instance), **env})


def test_an_empty_environment_gives_a_working_product(tmp_path):
    settings = read(tmp_path)

    assert settings.database == f"sqlite:///{tmp_path / 'hotline.db'}"
    assert settings.city_folder == ROOT / "hotline" / "cities" / "binhai"
    assert settings.model_folder == tmp_path / "models" / "binhai"
    assert settings.site == "http://127.0.0.1:8345"


def test_all_that_is_wrong_is_named_at_once(tmp_path):
    with pytest.raises(BrokenSettings) as refusal:
        read(
            tmp_path,
            HOTLINE_PORT="eighty",
            HOTLINE_LOG_LEVEL="LOUD",
            HOTLINE_VAULT_KEY="abc",
            HOTLINE_SECRET_KEY="short",
            HOTLINE_HTTPS_ONLY="perhaps",
            HOTLINE_REDIS_URL="localhost",
            HOTLINE_WEB_WORKERS="0",
            HOTLINE_TRUSTED_PROXIES="-1",
            HOTLINE_DATABSE_URL="sqlite://",
        )

    assert refusal.value.problems == {
        "HOTLINE_DATABSE_URL": "unknown",
        "HOTLINE_PORT": "number:eighty",
        "HOTLINE_LOG_LEVEL": "log_level:LOUD",
        "HOTLINE_VAULT_KEY": "no_key",
        "HOTLINE_SECRET_KEY": "short:32",
        "HOTLINE_REDIS_URL": "redis_url",
        "HOTLINE_WEB_WORKERS": "least:1",
        "HOTLINE_TRUSTED_PROXIES": "least:0",
        "HOTLINE_HTTPS_ONLY": "yes_or_no:perhaps",
    }
    assert {code.partition(":")[0] for code in refusal.value.problems.values()} <= set(labels.SETTINGS)


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_out_of_range_is_refused(tmp_path, port):
    with pytest.raises(BrokenSettings, match="HOTLINE_PORT"):
        read(tmp_path, HOTLINE_PORT=port)


def test_the_port_may_come_from_the_platform_but_our_own_name_wins(tmp_path):
    assert read(tmp_path, PORT="9000").port == 9000
    assert read(tmp_path, PORT="9000", HOTLINE_PORT="9001").port == 9001


def test_an_empty_variable_counts_as_absent(tmp_path):
    assert read(tmp_path, HOTLINE_CITY="", HOTLINE_PORT="", PORT="9000").port == 9000


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("true", True), ("0", False), ("no", False)])
def test_yes_and_no_are_read(tmp_path, text, meant):
    assert read(tmp_path, HOTLINE_HTTPS_ONLY=text).https_only is meant


def test_the_variables_of_the_tests_are_not_settings(tmp_path):
    read(tmp_path, HOTLINE_TEST_DATABASE_URL="postgresql://elsewhere")


def test_another_city_is_any_folder(tmp_path):
    assert read(tmp_path, HOTLINE_CITY="/srv/rivertown").city_folder == Path("/srv/rivertown")
    assert read(tmp_path, HOTLINE_CITY="/srv/rivertown").model_folder == tmp_path / "models" / "rivertown"


def test_secrets_are_made_once_and_kept(tmp_path):
    first, second = read(tmp_path), read(tmp_path)

    assert first.generated == {"secret_key", "vault_key"}
    assert (first.secret_key, first.vault_key) == (second.secret_key, second.vault_key)
    assert first.secret_key != first.vault_key
    assert len(bytes.fromhex(first.vault_key)) == 32


def test_nobody_else_can_read_the_secrets(tmp_path):
    read(tmp_path)

    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o600


def test_secrets_of_the_environment_are_used_and_not_written(tmp_path):
    settings = read(tmp_path, HOTLINE_SECRET_KEY="s" * 32, HOTLINE_VAULT_KEY="ab" * 32)

    assert not settings.generated
    assert settings.vault_key == "ab" * 32
    assert not (tmp_path / "secrets").exists()


def test_one_secret_given_leaves_the_other_generated(tmp_path):
    assert read(tmp_path, HOTLINE_SECRET_KEY="s" * 32).generated == {"vault_key"}


@pytest.mark.parametrize("attempt", range(5))
def test_processes_that_start_together_agree_on_the_secrets(tmp_path, attempt):
    with ThreadPoolExecutor(8) as starting:
        keys = list(starting.map(lambda _: read(tmp_path).vault_key, range(8)))

    assert len(set(keys)) == 1


def test_secrets_do_not_show_when_settings_are_printed(tmp_path):
    settings = read(tmp_path, HOTLINE_DATABASE_URL="postgresql+psycopg://hotline:pass-word@db/hotline")

    assert "pass-word" not in repr(settings)
    assert settings.vault_key not in repr(settings)
    assert settings.secret_key not in repr(settings)


def test_every_setting_is_described():
    assert all(words for _, words in Settings.kinds().values())


@pytest.mark.parametrize("name", ["HOTLINE_SMS_URL", "HOTLINE_ALERT_URL", "HOTLINE_WECOM_URL"])
@pytest.mark.parametrize("address", ["http://sms.example", "sms.example", "https://me:secret@sms.example"])
def test_nothing_goes_outside_but_over_https(tmp_path, name, address):
    with pytest.raises(BrokenSettings, match=name):
        read(tmp_path, **{name: address})


@pytest.mark.parametrize("channel", ["SMS", "ALERT"])
def test_an_address_that_knows_signatures_needs_a_key(tmp_path, channel):
    address = {f"HOTLINE_{channel}_URL": "https://sms.example/send"}

    with pytest.raises(BrokenSettings, match=f"HOTLINE_{channel}_KEY"):
        read(tmp_path, **address)
    read(tmp_path, **address, **{f"HOTLINE_{channel}_KEY": "k" * 32})
